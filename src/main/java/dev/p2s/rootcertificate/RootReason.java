package dev.p2s.rootcertificate;

/** Reasons of a RootCertificate's conditions. */
public enum RootReason {
  Accepted,
  Ready,
  GatewayNotFound,
  SourceNotFound,
  SourceInvalid,
  HoldsPrivateKey,
  NotACertificate,
  NotACertificateAuthority,
  Expired,
  NotYetValid,
  TooManyRoots,
  /** An issuing certificate that does not lead to the root, or is none. */
  IntermediateInvalid,
  /** A revocation list is asked for and nothing says where it is. */
  ListNotNamed,
  /** A valid revocation list is there. */
  ListFresh,
  /** The newest revocation list has ended. */
  ListStale,
  /** There was no revocation list yet. */
  ListMissing
}

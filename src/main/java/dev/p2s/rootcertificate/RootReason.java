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
  /** A part of the spec that this version does not serve yet. */
  NotImplemented
}

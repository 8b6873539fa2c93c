package dev.p2s.clientprofile;

/** Reasons of a ClientProfile's conditions. */
public enum ProfileReason {
  Accepted,
  Ready,
  NotImplemented,
  NotAllowed,
  GatewayNotFound,
  GatewayNotReady,
  NoRootWithKey,
  SeveralRootsWithKey,
  RootNotFound,
  RootHoldsNoKey,
  DurationInvalid,
  Suspended
}

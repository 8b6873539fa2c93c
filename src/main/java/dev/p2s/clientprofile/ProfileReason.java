package dev.p2s.clientprofile;

/** Reasons of a ClientProfile's conditions. */
public enum ProfileReason {
  Accepted,
  Ready,
  NotImplemented,
  /** The gateway takes no profiles of this namespace, or there is none of that name. */
  NotAllowed,
  /** The gateway does not have the profile's authentication type. */
  AuthenticationNotOffered,
  /** The seed has no client for a platform with the gateway's tunnels and authentication. */
  ClientNotSupported,
  GatewayNotFound,
  GatewayNotReady,
  NoRootWithKey,
  SeveralRootsWithKey,
  RootNotFound,
  RootHoldsNoKey,
  DurationInvalid,
  /** The certificate request is none, or its key is weak or somebody else's. */
  CsrInvalid,
  /** Formats are left out of the package, since they cannot name the gateway's port. */
  PortNotNameable,
  /** A part of the profile that nothing else of it uses. */
  WithoutEffect,
  Suspended,
  /** The package names what the gateway no longer serves. */
  GatewayChanged,
  /** The gateway no longer trusts the root that issued the package's certificate. */
  RootRemoved
}

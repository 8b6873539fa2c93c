package dev.p2s.gateway;

/** Why a P2SGateway is not accepted: the reason of {@code Accepted=False}. */
public enum GatewayRefusal {
  /** The SKU is no row of the seed's table. */
  UnknownSku,
  /** Both generations have the name. */
  AmbiguousSku,
  /** The seed has no row for these tunnel types with these authentication types. */
  TunnelAuthenticationNotOffered,
  /** The gateway cannot go from its SKU to this one. */
  ResizeNotOffered,
  /** The SKU does not serve what is asked for. */
  SkuDoesNotServe,
  PoolInvalid,
  PoolTooSmall,
  PoolOverlap,
  RouteInvalid,
  /** The cluster does not tell its ranges and the spec names no routes. */
  RangesUnknown,
  DnsInvalid,
  FqdnInvalid,
  ExposureInvalid,
  ThumbprintInvalid,
  /** A text has a line break or another control character. */
  TextInvalid,
  /** What EntraID needs is missing, or does not fit its cloud and tenant. */
  EntraIdInvalid,
  /** What OIDC needs is missing. */
  OidcInvalid,
  /** What RADIUS needs is missing, or contradicts itself. */
  RadiusInvalid,
  IpsecPolicyInvalid,
  PolicyGroupInvalid,
  /** A label selector that nobody can read. */
  AllowedProfilesInvalid,
  /** A Secret that the spec names is not there yet, or lacks the entry. */
  SecretNotFound,
  /** The server certificate is missing, or clients would refuse it. */
  ServerCertificateInvalid,
  /** cert-manager has not made the server certificate yet. */
  ServerCertificateAwaited,
  /** How long a session may last cannot be read. */
  SessionsInvalid,
  /** A part of the spec that nothing else of it uses. */
  WithoutEffect,
  /** The seed allows it, this version does not serve it yet. */
  NotImplemented
}

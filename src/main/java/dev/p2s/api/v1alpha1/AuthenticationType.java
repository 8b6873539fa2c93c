package dev.p2s.api.v1alpha1;

/** How people are authenticated (seed, "How are P2S VPN clients authenticated?"). */
public enum AuthenticationType {
  Certificate,
  EntraID,
  RADIUS,
  /** Any OpenID Connect issuer in Entra ID's place; stands for EntraID in the tunnel matrix. */
  OIDC
}

package dev.p2s.api.v1alpha1;

/** The protocols that clients dial (seed, "What protocol does P2S use?"). */
public enum TunnelType {
  OpenVPN,
  IKEv2,
  SSTP
}

package dev.p2s.api.v1alpha1;

import java.util.List;

/** What a gateway shall be. Everything but the pools has a default, computed and never written. */
public record P2SGatewaySpec(
    Sku sku,
    List<TunnelType> tunnelTypes,
    List<AuthenticationType> authenticationTypes,
    List<String> clientAddressPools,
    Routes routes,
    Dns dns,
    String fqdn,
    List<RevokedCertificate> revokedCertificates,
    List<BlockedUser> blockedUsers,
    Exposure exposure,
    OpenVpn openVpn,
    Scaling scaling) {

  public record Sku(String generation, String name) {}

  public record Routes(Mode mode, List<String> include, List<String> exclude, Boolean snat) {
    public enum Mode {
      Split,
      Forced
    }
  }

  public record Dns(List<String> servers, List<String> suffixes) {}

  public record RevokedCertificate(String name, String thumbprint) {}

  public record BlockedUser(String user, String reason) {}

  public record Exposure(Type type, String address, Integer nodePort) {
    public enum Type {
      LoadBalancer,
      HostPort,
      NodePort,
      ClusterIP
    }
  }

  /**
   * Knobs of the OpenVPN server; {@code processes}: openvpn processes a pod, default one a core.
   */
  public record OpenVpn(Integer processes) {}

  public record Scaling(Integer replicas) {}
}

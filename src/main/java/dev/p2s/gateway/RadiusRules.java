package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.RadiusSpec;
import dev.p2s.api.v1alpha1.TunnelType;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The rules on what a gateway asks its RADIUS servers, and how. */
final class RadiusRules {

  private RadiusRules() {}

  static void check(
      RadiusSpec radius, Set<TunnelType> tunnels, Set<AuthenticationType> authentications)
      throws GatewayRefused {
    if (radius.method() == RadiusSpec.Method.Certificate) {
      certificates(radius, tunnels, authentications);
    }
    if (radius.passwordProtocol() != null && tunnels.equals(Set.of(TunnelType.IKEv2))) {
      throw new GatewayRefused(
          GatewayRefusal.WithoutEffect,
          "spec.radius.passwordProtocol has no effect with IKEv2 alone, whose clients and servers"
              + " speak EAP with each other; leave it out");
    }
    List<RadiusSpec.Server> servers = radius.servers();
    if (servers == null || servers.isEmpty() || servers.size() > 2) {
      throw new GatewayRefused(
          GatewayRefusal.RadiusInvalid, "spec.radius.servers: one or two servers are needed");
    }
    Set<String> addresses = new HashSet<>();
    for (int i = 0; i < servers.size(); i++) {
      RadiusSpec.Server server = servers.get(i);
      String field = "spec.radius.servers[" + i + "]";
      String address =
          AddressRules.numeric(
              field + ".address",
              Objects.requireNonNullElse(server.address(), ""),
              GatewayRefusal.RadiusInvalid);
      if (!addresses.add(address)) {
        throw new GatewayRefused(
            GatewayRefusal.RadiusInvalid,
            field + ".address: " + address + " is named twice; name another server or one only");
      }
      if (server.secretRef() == null) {
        throw new GatewayRefused(
            GatewayRefusal.RadiusInvalid,
            field + ".secretRef is missing; name the Secret that holds the shared secret");
      }
    }
  }

  // "the RADIUS server can also integrate with AD certificate services" (seed): clients show their
  // certificate to it inside EAP, which OpenVPN does not have
  private static void certificates(
      RadiusSpec radius, Set<TunnelType> tunnels, Set<AuthenticationType> authentications)
      throws GatewayRefused {
    boolean nobodyByOpenVpn =
        tunnels.contains(TunnelType.OpenVPN)
            && authentications.equals(Set.of(AuthenticationType.RADIUS));
    if (nobodyByOpenVpn || tunnels.equals(Set.of(TunnelType.OpenVPN))) {
      throw new GatewayRefused(
          GatewayRefusal.RadiusInvalid,
          "spec.radius.method: Certificate does not go with OpenVPN, whose clients have a name and a"
              + " password for RADIUS servers and no EAP; write Password, take OpenVPN out of"
              + " spec.tunnelTypes, or let its clients in by Certificate with a RootCertificate");
    }
    if (radius.passwordProtocol() != null) {
      throw new GatewayRefused(
          GatewayRefusal.WithoutEffect,
          "spec.radius.passwordProtocol has no effect with method: Certificate; leave it out");
    }
    if (radius.serverRoots() == null) {
      throw new GatewayRefused(
          GatewayRefusal.RadiusInvalid,
          "spec.radius.serverRoots is missing; with method: Certificate clients verify the RADIUS"
              + " servers' certificate, and packages tell them by which roots");
    }
  }
}

package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.GatewayPolicies.TlsPolicy;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.RadiusSpec;
import dev.p2s.api.v1alpha1.RadiusSpec.PasswordProtocol;
import dev.p2s.catalog.GatewaySku;
import dev.p2s.catalog.TlsCipherSuite;
import dev.p2s.dataplane.SstpSettings;
import dev.p2s.dataplane.sstp.EndpointCommand.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What an accepted spec makes of the SSTP server. */
final class SstpServer {

  /** The largest with which a packet still fits one TCP segment (docs/design/sstp.md). */
  private static final int TUNNEL_MTU = 1370;

  private SstpServer() {}

  /**
   * @throws GatewayRefused where the SKU has no SSTP connection
   */
  static SstpSettings of(
      P2SGatewaySpec spec, GatewaySku sku, Set<AuthenticationType> authentications)
      throws GatewayRefused {
    if (sku.maxSstpConnections() == 0) {
      throw new GatewayRefused(
          GatewayRefusal.SkuDoesNotServe,
          "spec.sku.custom.sstpConnections: 0 lets nobody connect by SSTP; write 1 to 128, or take"
              + " SSTP out of spec.tunnelTypes");
    }
    return new SstpSettings(
        suites(spec),
        methods(spec, authentications),
        Objects.requireNonNullElse(spec.mtu(), TUNNEL_MTU),
        sku.maxSstpConnections(),
        List.of());
  }

  private static List<String> suites(P2SGatewaySpec spec) {
    return (spec.tlsPolicy() == TlsPolicy.Hardened
            ? TlsCipherSuite.hardened()
            : TlsCipherSuite.all())
        .stream().map(TlsCipherSuite::name).toList();
  }

  /**
   * Certificates end at the endpoint; what RADIUS servers check goes to them as it is. PAP, which
   * binds no key to the call, is offered only where the spec says so, and then nothing else is:
   * servers that need the password itself can check neither of the other two.
   */
  private static List<Method> methods(
      P2SGatewaySpec spec, Set<AuthenticationType> authentications) {
    List<Method> methods = new ArrayList<>();
    if (authentications.contains(AuthenticationType.Certificate)) {
      methods.add(Method.CERTIFICATE);
    }
    if (authentications.contains(AuthenticationType.RADIUS)) {
      if (spec.radius().method() == RadiusSpec.Method.Certificate) {
        methods.add(Method.EAP);
      } else if (spec.radius().passwordProtocol() == PasswordProtocol.PAP) {
        methods.add(Method.PAP);
      } else {
        methods.addAll(List.of(Method.MSCHAPV2, Method.EAP));
      }
    }
    return methods;
  }
}

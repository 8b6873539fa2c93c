package dev.p2s.agent.sstp;

import dev.p2s.agent.state.StateBundle;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.StateSecret;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.kernel.TunnelAddress;
import dev.p2s.dataplane.sstp.EndpointCommand.Identity;
import dev.p2s.dataplane.sstp.EndpointCommand.Method;
import dev.p2s.dataplane.sstp.EndpointCommand.Serve;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the SSTP endpoint is set to, from a state. */
public final class EndpointSettings {

  /** The seed names TLS 1.2; 1.0 and 1.1 are refused. */
  private static final List<String> TLS_VERSIONS = List.of("TLSv1.3", "TLSv1.2");

  /** IPCP has room for two resolvers (RFC 1877). */
  private static final int RESOLVERS = 2;

  private EndpointSettings() {}

  /**
   * What shall be served; empty where SSTP is not, or where nobody could come in: certificates need
   * a root.
   */
  public static Optional<Serve> of(StateBundle bundle) {
    GatewayState state = bundle.state();
    if (state.sstp() == null) {
      return Optional.empty();
    }
    List<Method> methods =
        state.sstp().methods().stream()
            .filter(method -> method != Method.CERTIFICATE || !state.allRoots().isEmpty())
            .toList();
    if (methods.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Serve(
            ProcessSlot.SSTP,
            state.sstp().tunnelMtu(),
            identities(bundle),
            TLS_VERSIONS,
            state.sstp().tlsCipherSuites(),
            methods,
            methods.contains(Method.CERTIFICATE)
                ? state.allRoots().stream()
                    .flatMap(root -> root.issuers().stream())
                    .distinct()
                    .toList()
                : List.of(),
            state.gateway()));
  }

  /** The resolvers that a client is told. */
  public static List<TunnelAddress> resolvers(GatewayState state) {
    return Stream.ofNullable(state.dns())
        .flatMap(dns -> dns.servers().stream())
        .filter(server -> server.indexOf(':') < 0)
        .limit(RESOLVERS)
        .map(TunnelAddress::parse)
        .toList();
  }

  // a certificate of somebody's own stands in both places
  private static List<Identity> identities(StateBundle bundle) {
    return Stream.of(
            new Identity(
                bundle.entries().get(StateSecret.SERVER_RSA_CERTIFICATE),
                bundle.entries().get(StateSecret.SERVER_RSA_KEY)),
            new Identity(
                bundle.entries().get(StateSecret.SERVER_EC_CERTIFICATE),
                bundle.entries().get(StateSecret.SERVER_EC_KEY)))
        .distinct()
        .toList();
  }
}

package dev.p2s.agent.radius;

import dev.p2s.addressing.Cidr;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.RadiusSpec;
import dev.p2s.api.v1alpha1.RadiusSpec.PasswordProtocol;
import dev.p2s.dataplane.ConfiguredRadiusServer;
import dev.p2s.dataplane.GatewayState;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * How the gateway asks its RADIUS servers.
 *
 * @param servers one or two
 * @param timeout how long a login may take
 * @param nasIdentifier what the gateway calls itself
 * @param passwords how a password goes to the server
 * @param accounting whether sessions are accounted
 * @param byPassword whether people may show a password, which OpenVPN's do
 */
record RadiusSettings(
    List<RadiusServer> servers,
    Duration timeout,
    String nasIdentifier,
    PasswordProtocol passwords,
    boolean accounting,
    boolean byPassword) {

  private static final Logger LOG = Logger.getLogger(RadiusSettings.class);

  RadiusSettings {
    servers = List.copyOf(servers);
  }

  /** Empty where nobody logs in by RADIUS, or nobody could. */
  static Optional<RadiusSettings> of(StateBundle bundle) {
    try {
      return read(bundle);
    } catch (IllegalArgumentException e) {
      LOG.errorf("nobody is asked by RADIUS: %s", e.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<RadiusSettings> read(StateBundle bundle) {
    GatewayState.Radius radius = bundle.state().radius();
    if (radius == null || !bundle.state().authentications().contains(AuthenticationType.RADIUS)) {
      return Optional.empty();
    }
    return Optional.of(
        new RadiusSettings(
            radius.servers().stream().map(server -> server(server, bundle)).toList(),
            Duration.ofSeconds(radius.timeoutSeconds()),
            radius.nasIdentifier(),
            radius.passwords(),
            radius.accounting(),
            radius.method() == RadiusSpec.Method.Password));
  }

  private static RadiusServer server(ConfiguredRadiusServer server, StateBundle bundle) {
    return new RadiusServer(
        Cidr.numeric(server.address()),
        server.port(),
        server.accountingPort(),
        server.score(),
        Base64.getMimeDecoder().decode(bundle.entries().getOrDefault(server.secretEntry(), "")));
  }
}

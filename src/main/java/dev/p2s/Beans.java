package dev.p2s;

import dev.p2s.gateway.DataPlaneImages;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What the rooms are given from outside: time, randomness and the chart's values. */
class Beans {

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  SecureRandom random() {
    return new SecureRandom();
  }

  @Produces
  @Singleton
  DataPlaneImages images(
      @ConfigProperty(name = "p2s.image.operator", defaultValue = "p2s.dev/operator:dev")
          String operator,
      @ConfigProperty(name = "p2s.image.openvpn", defaultValue = "p2s.dev/openvpn:dev")
          String openVpn,
      @ConfigProperty(name = "p2s.image.strongswan", defaultValue = "p2s.dev/strongswan:dev")
          String strongSwan,
      @ConfigProperty(name = "p2s.image.pull-policy", defaultValue = "IfNotPresent")
          String pullPolicy) {
    return new DataPlaneImages(operator, openVpn, strongSwan, pullPolicy);
  }
}

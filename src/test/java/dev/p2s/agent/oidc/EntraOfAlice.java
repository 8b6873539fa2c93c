package dev.p2s.agent.oidc;

import dev.p2s.agent.session.Authenticator;
import dev.p2s.dataplane.TokenIssuer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.List;
import org.jose4j.jwk.PublicJsonWebKey;

/** Logins by access token at an issuer with Entra ID's settings, and tokens of it. */
public final class EntraOfAlice {

  private EntraOfAlice() {}

  /** What a state has to say of the issuer. */
  public static TokenIssuer settings() {
    return TestIssuer.settings();
  }

  /** Lets Alice in, from {@link TestIssuer#NOW} on for an hour. */
  public static String token() {
    return TestIssuer.KNOWN.sign(TestIssuer.claims());
  }

  /** Signed by the same issuer and none of the gateway's business. */
  public static String tokenForAnotherApplication() {
    return TestIssuer.KNOWN.sign(TestIssuer.claims("aud", "api://wiki"));
  }

  public static Authenticator authenticator(Clock clock) {
    return new TokenAuthenticator(clock, new SimpleMeterRegistry(), issuer -> keys());
  }

  private static IssuerKeys.Source keys() {
    return new IssuerKeys.Source() {
      @Override
      public List<PublicJsonWebKey> fetch() {
        return TestIssuer.KNOWN.publicKeys();
      }

      @Override
      public void close() {}
    };
  }
}

package dev.p2s.agent.oidc;

import static dev.p2s.agent.oidc.TestIssuer.KNOWN;
import static dev.p2s.agent.oidc.TestIssuer.NOW;
import static dev.p2s.agent.oidc.TestIssuer.OTHER;
import static dev.p2s.agent.oidc.TestIssuer.claims;
import static dev.p2s.agent.oidc.TestIssuer.settings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.session.Authentication;
import dev.p2s.agent.session.LoginAttempt;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.dataplane.States;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What people try with tokens: each is refused, and none of it breaks anything. */
class TokenBatteryTest {

  static Stream<Arguments> battery() throws JoseException {
    String good = KNOWN.sign(claims());
    String payload = good.split("\\.")[1];
    JsonWebSignature shared = new JsonWebSignature();
    shared.setPayload(org.jose4j.json.JsonUtil.toJson(claims()));
    shared.setAlgorithmHeaderValue("HS256");
    shared.setKeyIdHeaderValue("rsa-1");
    shared.setKey(new HmacKey(KNOWN.rsa.getPublicKey().getEncoded()));
    shared.setDoKeyValidation(false);
    PublicJsonWebKey stranger = OTHER.named("rsa-1");
    Map<String, Object> ownKey =
        Map.of("jwk", OTHER.rsa.toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY));
    return Stream.of(
        Arguments.of("none", part("{\"alg\":\"none\",\"kid\":\"rsa-1\"}") + "." + payload + "."),
        Arguments.of("nOnE", part("{\"alg\":\"nOnE\"}") + "." + payload + "."),
        Arguments.of("no signature", good.substring(0, good.lastIndexOf('.') + 1)),
        Arguments.of("HS256 with the public key", shared.getCompactSerialization()),
        Arguments.of("another key of that name", KNOWN.sign(claims(), "RS256", stranger, Map.of())),
        Arguments.of(
            "a key of another name", OTHER.sign(claims(), "RS256", OTHER.named("x"), Map.of())),
        Arguments.of("a key that it brings", KNOWN.sign(claims(), "RS256", stranger, ownKey)),
        Arguments.of(
            "a place to fetch keys from",
            KNOWN.sign(claims(), "RS256", stranger, Map.of("jku", "https://evil.example/keys"))),
        Arguments.of(
            "a kid with a path",
            KNOWN.sign(claims(), "RS256", KNOWN.named("../../../../dev/null"), Map.of())),
        Arguments.of("an algorithm not listed", KNOWN.sign(claims(), "RS512", KNOWN.rsa, Map.of())),
        Arguments.of(
            "an EC key's name for RSA",
            KNOWN.sign(claims(), "RS256", KNOWN.named("ec-1"), Map.of())),
        Arguments.of(
            "an unknown critical header",
            part("{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"crit\":[\"x\"],\"x\":1}")
                + good.substring(good.indexOf('.'))),
        Arguments.of("wrong issuer", KNOWN.sign(claims("iss", "https://evil.example/"))),
        Arguments.of("wrong audience", KNOWN.sign(claims("aud", "another"))),
        Arguments.of("wrong tenant", KNOWN.sign(claims("tid", "another"))),
        Arguments.of("expired", KNOWN.sign(claims("exp", NOW.getEpochSecond()))),
        Arguments.of("not yet valid", KNOWN.sign(claims("nbf", NOW.getEpochSecond() + 300))),
        Arguments.of("payload exchanged", exchanged(good)),
        Arguments.of("no JSON inside", part("{\"alg\":\"RS256\"}") + "." + part("hello") + ".AAAA"),
        Arguments.of(
            "deep", part("{\"alg\":\"RS256\",\"a\":" + "[".repeat(9000) + "}") + ".e30.AAAA"),
        Arguments.of("huge", "eyJ" + "A".repeat(10_000_000) + ".e30.AAAA"),
        Arguments.of("huge and signed", KNOWN.sign(claims("junk", "j".repeat(20_000)))),
        Arguments.of("a password", "correct horse battery staple"),
        Arguments.of("nothing", ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("battery")
  void givenABadToken_whenAuthenticated_thenRefusedForGood(String what, String token)
      throws Exception {
    assertThat(authenticate(KNOWN.sign(claims()))).isInstanceOf(Authentication.Known.class);

    assertThat(authenticate(token))
        .isInstanceOfSatisfying(
            Authentication.Refused.class,
            refused -> assertThat(refused.refusal().reason().lasting()).isTrue());
  }

  @Property(tries = 300)
  void givenAnyText_whenAuthenticated_thenItIsRefusedAndNothingBreaks(
      @ForAll @StringLength(max = 200) String header, @ForAll @StringLength(max = 200) String body)
      throws Exception {
    for (String token :
        List.of(
            header,
            "eyJ" + header + "." + body + ".x",
            part("{" + header) + "." + part(body) + ".AA")) {
      assertThat(authenticate(token)).isInstanceOf(Authentication.Refused.class);
    }
  }

  private static String exchanged(String token) {
    String[] parts = token.split("\\.");
    return parts[0]
        + "."
        + part(org.jose4j.json.JsonUtil.toJson(claims("upn", "admin@example.com")))
        + "."
        + parts[2];
  }

  private static String part(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Authentication authenticate(String token) throws Exception {
    try (TokenAuthenticator authenticator =
        new TokenAuthenticator(
            Clock.fixed(NOW, ZoneOffset.UTC), new SimpleMeterRegistry(), issuer -> published())) {
      authenticator.follow(
          new StateBundle(
              States.gateway()
                  .authentications(AuthenticationType.EntraID)
                  .tokenIssuer(settings())
                  .build(),
              "",
              Map.of()));
      CompletableFuture<Authentication> answer = new CompletableFuture<>();
      authenticator.authenticate(
          new LoginAttempt("AzureAD", token, "192.0.2.7:4711", Optional.empty()), answer::complete);
      return answer.get(10, TimeUnit.SECONDS);
    }
  }

  private static IssuerKeys.Source published() {
    return new IssuerKeys.Source() {
      @Override
      public List<PublicJsonWebKey> fetch() {
        return KNOWN.publicKeys();
      }

      @Override
      public void close() {}
    };
  }
}

package dev.p2s.agent.oidc;

import static dev.p2s.agent.oidc.TestIssuer.NOW;
import static dev.p2s.agent.oidc.TestIssuer.claims;
import static dev.p2s.agent.oidc.TestIssuer.settings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.oidc.TokenRules.Verdict;
import dev.p2s.agent.session.Refusal;
import dev.p2s.dataplane.TokenIssuer;
import dev.p2s.dataplane.TokenIssuer.RequiredClaim;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokenRulesTest {

  @Test
  void givenATokenOfThisGateway_whenJudged_thenThePersonIsKnownUntilItExpires() {
    Verdict.Known known = known(claims(), settings());

    assertThat(known.person().user()).isEqualTo("alice@example.com");
    assertThat(known.person().groups()).containsExactly("g1", "g2");
    assertThat(known.person().until()).contains(NOW.plusSeconds(3600));
    assertThat(known.groupsMissing()).isFalse();
  }

  @Test
  void givenNoNameButAnObjectId_whenJudged_thenThatNamesThePerson() {
    assertThat(known(claims("upn", null), settings()).person().user())
        .isEqualTo("00000000-0000-0000-0000-0000000000aa");
  }

  static Stream<Arguments> wrong() {
    String v1 = TestIssuer.ISSUER;
    long now = NOW.getEpochSecond();
    return Stream.of(
        Arguments.of("iss", v1.substring(0, v1.length() - 1), "another issuer"),
        Arguments.of("iss", v1.toUpperCase(java.util.Locale.ROOT), "another issuer"),
        Arguments.of("iss", List.of(v1), "another issuer"),
        Arguments.of("iss", null, "another issuer"),
        Arguments.of("aud", "00000003-0000-0000-c000-000000000000", "another application"),
        Arguments.of("aud", List.of(), "another application"),
        Arguments.of("aud", Map.of("a", TestIssuer.AUDIENCE), "another application"),
        Arguments.of("aud", null, "another application"),
        Arguments.of("tid", "22222222-2222-3333-4444-555555555555", "another tenant"),
        Arguments.of("tid", null, "another tenant"),
        Arguments.of("exp", now, "expired"),
        Arguments.of("exp", now - 86_400, "expired"),
        Arguments.of("exp", 0, "expired"),
        Arguments.of("exp", -1, "when it expires"),
        Arguments.of("exp", "2999-01-01", "when it expires"),
        Arguments.of("exp", Double.NaN, "when it expires"),
        Arguments.of("exp", 1e300, "when it expires"),
        Arguments.of("exp", null, "when it expires"),
        Arguments.of("nbf", now + 31, "not valid yet"),
        Arguments.of("nbf", "soon", "not valid yet"),
        Arguments.of("upn", "", "does not name you"),
        Arguments.of("upn", "a".repeat(256), "does not name you"),
        Arguments.of("upn", "alice\nadmin", "does not name you"),
        Arguments.of("upn", List.of("alice"), "does not name you"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void givenOneWrongClaim_whenJudged_thenRefusedAndTold(String claim, Object value, String told) {
    Map<String, Object> claims = claims(claim, value);
    if (claim.equals("upn")) {
      claims.remove("oid");
    }

    Refusal refusal = refused(claims, settings());

    assertThat(refusal.sentence()).contains(told);
    assertThat(refusal.reason().lasting()).isTrue();
  }

  @Test
  void givenAnAudienceOfSeveral_whenOneIsTheGateways_thenKnown() {
    assertThat(known(claims("aud", List.of("other", TestIssuer.AUDIENCE)), settings())).isNotNull();
  }

  @Test
  void givenARequiredClaim_whenTheTokenHasIt_thenKnownElseRefused() {
    TokenIssuer mfa = settings(new RequiredClaim("amr", "mfa"));

    assertThat(known(claims(), mfa)).isNotNull();
    assertThat(refused(claims("amr", List.of("pwd")), mfa).sentence())
        .isEqualTo("This gateway asks for a login with amr mfa, which yours does not have.");
    assertThat(refused(claims("amr", "mfamfa"), mfa)).isNotNull();
    assertThat(refused(claims("amr", null), mfa)).isNotNull();
    assertThat(known(claims("amr", "mfa"), mfa)).isNotNull();
  }

  @Test
  void givenTooManyGroupsForAToken_whenJudged_thenThatIsSaid() {
    Map<String, Object> claims = claims("groups", null);
    claims.put("_claim_names", Map.of("groups", "src1"));

    assertThat(known(claims, settings()).groupsMissing()).isTrue();
    assertThat(known(claims("hasgroups", true), settings()).groupsMissing()).isTrue();
  }

  @Test
  void givenAnotherAudience_whenCompared_thenTheBasisIsAnother() {
    assertThat(settings().basis())
        .isEqualTo(settings().basis())
        .isNotEqualTo(settings(new RequiredClaim("amr", "mfa")).basis());
  }

  @Property
  void givenAnyValueInAnyClaim_whenJudged_thenItIsAnsweredAndNeverOutlivesItsToken(
      @ForAll("anyClaims") Map<String, Object> changed) {
    Map<String, Object> claims = new HashMap<>(claims());
    claims.putAll(changed);

    if (TokenRules.judge(claims, settings(), NOW) instanceof Verdict.Known known) {
      assertThat(claims.get("iss")).isEqualTo(TestIssuer.ISSUER);
      assertThat(claims.get("tid")).isEqualTo(TestIssuer.TENANT);
      assertThat(known.person().until().orElseThrow())
          .isAfter(NOW)
          .isEqualTo(Instant.ofEpochSecond(((Number) claims.get("exp")).longValue()));
    }
  }

  @Provide
  Arbitrary<Map<String, Object>> anyClaims() {
    Arbitrary<Object> value =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(40).map(Object.class::cast),
            Arbitraries.longs().map(Object.class::cast),
            Arbitraries.doubles().map(Object.class::cast),
            Arbitraries.of(true, false).map(Object.class::cast),
            Arbitraries.strings().list().ofMaxSize(3).map(Object.class::cast),
            Arbitraries.just(Collections.singletonMap("a", null)));
    return Arbitraries.maps(
            Arbitraries.of("iss", "aud", "tid", "exp", "nbf", "upn", "groups", "_claim_names"),
            value)
        .ofMaxSize(3);
  }

  private static Verdict.Known known(Map<String, Object> claims, TokenIssuer issuer) {
    Verdict verdict = TokenRules.judge(claims, issuer, NOW);
    assertThat(verdict).isInstanceOf(Verdict.Known.class);
    return (Verdict.Known) verdict;
  }

  private static Refusal refused(Map<String, Object> claims, TokenIssuer issuer) {
    Verdict verdict = TokenRules.judge(claims, issuer, NOW);
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    return ((Verdict.Refused) verdict).refusal();
  }
}

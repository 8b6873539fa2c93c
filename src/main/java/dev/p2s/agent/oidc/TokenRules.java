package dev.p2s.agent.oidc;

import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.Refusal.Reason;
import dev.p2s.dataplane.TokenIssuer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the claims of a token whose signature is good must say (OpenID Connect Core 3.1.3.7, RFC
 * 7519 4.1, Microsoft's access tokens). Issuer, audience and tenant are compared to the letter.
 */
final class TokenRules {

  /** How far an issuer's clock may be ahead of the gateway's. An expired token gets no grace. */
  static final Duration CLOCKS_DIFFER = Duration.ofSeconds(30);

  /** The last second that a date of four digits can tell. */
  private static final long LAST_SECOND = 253_402_300_799L;

  private static final int LONGEST_NAME = 255;

  private TokenRules() {}

  /** What the rules make of a token. */
  sealed interface Verdict {

    /**
     * @param groupsMissing whether the person is in more groups than the token lists
     */
    record Known(Person person, boolean groupsMissing) implements Verdict {}

    record Refused(Refusal refusal) implements Verdict {}
  }

  static Verdict judge(Map<String, Object> claims, TokenIssuer issuer, Instant now) {
    if (!issuer.issuer().equals(claims.get("iss"))) {
      return refused("Your access token is of another issuer than this gateway's.");
    }
    if (!values(claims.get("aud")).contains(issuer.audience())) {
      return refused("Your access token is for another application than this gateway.");
    }
    if (issuer.tenant() != null && !issuer.tenant().equals(claims.get("tid"))) {
      return refused("Your access token is of another tenant than this gateway's.");
    }
    Optional<Instant> until = time(claims.get("exp"));
    if (until.isEmpty()) {
      return refused("Your access token does not say when it expires.");
    }
    if (!now.isBefore(until.get())) {
      return new Verdict.Refused(
          new Refusal(Reason.LOGIN_EXPIRED, "Your login has expired. Log in again."));
    }
    if (claims.containsKey("nbf")
        && time(claims.get("nbf"))
            .filter(from -> !from.isAfter(now.plus(CLOCKS_DIFFER)))
            .isEmpty()) {
      return refused("Your access token is not valid yet. Check the clocks.");
    }
    for (TokenIssuer.RequiredClaim required : issuer.requiredClaims()) {
      if (!values(claims.get(required.claim())).contains(required.contains())) {
        return refused(
            "This gateway asks for a login with "
                + required.claim()
                + " "
                + required.contains()
                + ", which yours does not have.");
      }
    }
    Optional<String> user = user(claims, issuer);
    if (user.isEmpty()) {
      return refused(
          "Your access token does not name you: it lacks " + issuer.userClaims().getFirst() + ".");
    }
    return new Verdict.Known(
        new Person(
            issuer.method(),
            user.get(),
            values(claims.get(issuer.groupsClaim())),
            until.get().toEpochMilli(),
            null,
            issuer.basis()),
        groupsMissing(claims, issuer));
  }

  /**
   * Whether the claims of an ID token are of this client's login and of no other (OpenID Connect
   * Core 3.1.3.7).
   */
  static boolean isOfLogin(
      Map<String, Object> claims, TokenIssuer issuer, String clientId, String nonce, Instant now) {
    List<String> audiences = values(claims.get("aud"));
    boolean own =
        audiences.contains(clientId)
            && (claims.get("azp") == null
                ? audiences.size() == 1
                : clientId.equals(claims.get("azp")));
    return own
        && issuer.issuer().equals(claims.get("iss"))
        && time(claims.get("exp")).filter(now::isBefore).isPresent()
        && nonce.equals(claims.get("nonce"));
  }

  private static Optional<String> user(Map<String, Object> claims, TokenIssuer issuer) {
    return issuer.userClaims().stream()
        .map(claims::get)
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .filter(name -> !name.isBlank() && name.length() <= LONGEST_NAME)
        .filter(name -> name.codePoints().noneMatch(Character::isISOControl))
        .findFirst();
  }

  /** Entra ID names a place to ask where the groups are too many for a token (group overage). */
  private static boolean groupsMissing(Map<String, Object> claims, TokenIssuer issuer) {
    return (claims.get("_claim_names") instanceof Map<?, ?> elsewhere
            && elsewhere.containsKey(issuer.groupsClaim()))
        || "true".equals(String.valueOf(claims.get("hasgroups")));
  }

  /** A claim's values: of a list each, of anything else that is there the one. */
  private static List<String> values(Object claim) {
    return switch (claim) {
      case null -> List.of();
      case Collection<?> list ->
          list.stream().filter(Objects::nonNull).map(String::valueOf).toList();
      case Map<?, ?> object -> List.of();
      default -> List.of(String.valueOf(claim));
    };
  }

  /** A NumericDate (RFC 7519, 2); empty for what is none. */
  private static Optional<Instant> time(Object claim) {
    return claim instanceof Number number
            && number.doubleValue() >= 0
            && number.doubleValue() <= LAST_SECOND
        ? Optional.of(Instant.ofEpochSecond(number.longValue()))
        : Optional.empty();
  }

  private static Verdict refused(String sentence) {
    return new Verdict.Refused(new Refusal(Reason.WRONG_CREDENTIAL, sentence));
  }
}

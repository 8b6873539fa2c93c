package dev.p2s.dataplane;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.p2s.api.v1alpha1.AuthenticationType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Whose access tokens let people in, and what such a token has to say.
 *
 * @param method EntraID or OIDC
 * @param issuer what {@code iss} has to be, to the letter
 * @param discovery https address of the issuer's OpenID configuration, which names its keys
 * @param audience what {@code aud} has to be or to contain
 * @param tenant what {@code tid} has to be, or null where the issuer has no tenants
 * @param algorithms the signatures that count, by their JWA names; never {@code none} or HS…
 * @param userClaims the claims that name the person; the first that a token has counts
 * @param groupsClaim the claim that lists the person's groups
 * @param requiredClaims what a token must say beside that
 * @param serverRoots PEM of the authorities that vouch for the issuer's server beside the system's
 *     own, or null
 * @param webLogin how people log in with a browser, or null where they do not
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TokenIssuer(
    AuthenticationType method,
    String issuer,
    String discovery,
    String audience,
    String tenant,
    List<String> algorithms,
    List<String> userClaims,
    String groupsClaim,
    List<RequiredClaim> requiredClaims,
    String serverRoots,
    WebLogin webLogin) {

  public TokenIssuer {
    algorithms = List.copyOf(algorithms);
    userClaims = List.copyOf(userClaims);
    requiredClaims = requiredClaims == null ? List.of() : List.copyOf(requiredClaims);
  }

  /**
   * The login page of the gateway's own.
   *
   * @param url what browsers reach the gateway by: https, a host, perhaps a port
   * @param clientId what the issuer knows the gateway by
   * @param scopes what is asked for
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record WebLogin(String url, String clientId, List<String> scopes) {
    public WebLogin {
      scopes = List.copyOf(scopes);
    }

    /** Where the issuer sends browsers back to; it has to be registered there. */
    public String redirect() {
      return url + "/login/callback";
    }
  }

  /**
   * @param claim the claim's name
   * @param contains its value, or one of its values where it is a list
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record RequiredClaim(String claim, String contains) {}

  /**
   * What a login by token stands on: changes with all that decides whether a token counts, so that
   * a session which an earlier rule let in is known. 16 hexadecimal digits.
   */
  public String basis() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Object part :
          new Object[] {method, issuer, audience, tenant, userClaims, requiredClaims}) {
        digest.update(String.valueOf(part).getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.EntraIdSpec;
import dev.p2s.api.v1alpha1.EntraIdSpec.RequiredClaim;
import dev.p2s.api.v1alpha1.OidcSpec;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.References.TextSource;
import dev.p2s.catalog.EntraAudience;
import dev.p2s.dataplane.TokenIssuer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** Whose access tokens a gateway takes: what an accepted spec says, and what follows from it. */
final class TokenIssuers {

  private static final String CONFIGURATION = "/.well-known/openid-configuration";

  /** Entra ID signs with RSA and SHA-256 alone. */
  private static final List<String> ENTRA_ALGORITHMS = List.of("RS256");

  /**
   * What OpenID Connect issuers sign with (RFC 7518, 3.1), without shared keys and without none.
   */
  private static final List<String> OIDC_ALGORITHMS =
      List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

  /** v1 tokens name people by upn or unique_name, v2 tokens by preferred_username, all by oid. */
  private static final List<String> ENTRA_USER_CLAIMS =
      List.of("upn", "unique_name", "preferred_username", "oid");

  private static final String OIDC_USER_CLAIM = "preferred_username";
  private static final String GROUPS = "groups";
  private static final Pattern URL = Pattern.compile("https://[A-Za-z0-9.-]{1,100}(:[0-9]{1,5})?");
  private static final Pattern SCOPE = Pattern.compile("[!#-\\[\\]-~]{1,255}");

  private TokenIssuers() {}

  /** The issuer, or null where the gateway takes no tokens. */
  static TokenIssuer of(
      P2SGatewaySpec spec, Set<AuthenticationType> authentications, ReferencedTexts texts)
      throws GatewayRefused {
    if (authentications.contains(AuthenticationType.EntraID)) {
      return entra(spec.entraID(), texts);
    }
    return authentications.contains(AuthenticationType.OIDC) ? oidc(spec.oidc(), texts) : null;
  }

  private static TokenIssuer entra(EntraIdSpec entra, ReferencedTexts texts) throws GatewayRefused {
    EntraAudience cloud =
        EntraAudience.of(Objects.requireNonNullElse(entra.cloud(), EntraIdSpec.Cloud.AzurePublic));
    String tenant = entra.tenantId().toLowerCase(Locale.ROOT);
    String issuer = Objects.requireNonNullElse(entra.issuer(), cloud.v1Issuer(tenant));
    boolean v2 = issuer.equals(cloud.v2Issuer(tenant));
    return new TokenIssuer(
        AuthenticationType.EntraID,
        issuer,
        (v2 ? issuer : cloud.authority() + "/" + tenant) + CONFIGURATION,
        entra.audience(),
        tenant,
        ENTRA_ALGORITHMS,
        ENTRA_USER_CLAIMS,
        GROUPS,
        required(entra.requiredClaims()),
        texts.certificates(
            "spec.entraID.serverRoots", entra.serverRoots(), GatewayRefusal.EntraIdInvalid),
        null);
  }

  private static TokenIssuer oidc(OidcSpec oidc, ReferencedTexts texts) throws GatewayRefused {
    String issuer = oidc.issuer();
    return new TokenIssuer(
        AuthenticationType.OIDC,
        issuer,
        (issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer) + CONFIGURATION,
        Objects.requireNonNullElse(oidc.audience(), oidc.clientId()),
        null,
        OIDC_ALGORITHMS,
        List.of(Objects.requireNonNullElse(oidc.userClaim(), OIDC_USER_CLAIM)),
        GROUPS,
        required(oidc.requiredClaims()),
        texts.certificates("spec.oidc.serverRoots", oidc.serverRoots(), GatewayRefusal.OidcInvalid),
        webLogin(oidc));
  }

  private static TokenIssuer.WebLogin webLogin(OidcSpec oidc) throws GatewayRefused {
    if (oidc.webLogin() == null) {
      if (oidc.clientSecretRef() != null) {
        throw new GatewayRefused(
            GatewayRefusal.WithoutEffect,
            "spec.oidc.clientSecretRef has no effect without webLogin; leave it out");
      }
      return null;
    }
    String url = oidc.webLogin().url();
    if (!URL.matcher(url).matches()) {
      throw new GatewayRefused(
          GatewayRefusal.OidcInvalid,
          "spec.oidc.webLogin.url: "
              + GatewayRules.quoted(url)
              + " must be https with a host, perhaps a port, and nothing after it, such as"
              + " https://vpn.corp.example");
    }
    List<String> scopes = new ArrayList<>(List.of("openid"));
    for (String scope : Objects.requireNonNullElse(oidc.webLogin().scopes(), List.<String>of())) {
      if (!SCOPE.matcher(scope).matches()) {
        throw new GatewayRefused(
            GatewayRefusal.OidcInvalid,
            "spec.oidc.webLogin.scopes: "
                + GatewayRules.quoted(scope)
                + " is no scope (RFC 6749 §3.3): one word of printable characters");
      }
      scopes.add(scope);
    }
    return new TokenIssuer.WebLogin(url, oidc.clientId(), scopes.stream().distinct().toList());
  }

  /**
   * The client's secret; empty where there is none.
   *
   * @throws GatewayRefused where the spec names one that is not there
   */
  static String clientSecret(P2SGatewaySpec spec, ReferencedTexts texts) throws GatewayRefused {
    return spec.oidc() == null || spec.oidc().clientSecretRef() == null
        ? ""
        : texts
            .require(
                "spec.oidc.clientSecretRef",
                new TextSource(null, spec.oidc().clientSecretRef()),
                GatewayRefusal.OidcInvalid)
            .strip();
  }

  private static List<TokenIssuer.RequiredClaim> required(List<RequiredClaim> claims) {
    return claims == null
        ? List.of()
        : claims.stream()
            .map(claim -> new TokenIssuer.RequiredClaim(claim.claim(), claim.contains()))
            // their order means nothing, and another one must end no session
            .sorted(
                Comparator.comparing(TokenIssuer.RequiredClaim::claim)
                    .thenComparing(TokenIssuer.RequiredClaim::contains))
            .distinct()
            .toList();
  }
}

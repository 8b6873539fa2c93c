package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.EntraIdSpec;
import dev.p2s.api.v1alpha1.EntraIdSpec.RequiredClaim;
import dev.p2s.api.v1alpha1.OidcSpec;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.catalog.EntraAudience;
import dev.p2s.dataplane.TokenIssuer;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

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
            "spec.entraID.serverRoots", entra.serverRoots(), GatewayRefusal.EntraIdInvalid));
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
        texts.certificates(
            "spec.oidc.serverRoots", oidc.serverRoots(), GatewayRefusal.OidcInvalid));
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

package dev.p2s.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Microsoft Entra ID (seed, "Microsoft Entra ID authentication"). */
public record EntraIdSpec(
    @JsonPropertyDescription(
            "The cloud, which gives authority and issuer: AzurePublic (default), AzureGovernment,"
                + " AzureGermany or AzureChina21Vianet.")
        Cloud cloud,
    @JsonPropertyDescription("The tenant, a GUID.")
        @Required
        @Size(min = 36, max = 36)
        @ValidationRule(
            value = "self.matches('^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$')",
            message =
                "tenantId must be the tenant's GUID, such as 11111111-2222-3333-4444-555555555555")
        String tenantId,
    @JsonPropertyDescription(
            "The one audience that a gateway supports: the GUID of the Azure VPN Client's"
                + " registration or of an application of your own, or its application id URI. The"
                + " Microsoft-registered one (c632b3df-fb67-4d84-bdcf-b95ad541b5c8) serves Linux,"
                + " Windows and macOS.")
        @Required
        @Size(min = 1, max = 255)
        String audience,
    @JsonPropertyDescription(
            "The tokens' issuer, to the letter. Default: derived from cloud and tenant, such as"
                + " https://sts.windows.net/<tenant>/.")
        @Size(min = 1, max = 255)
        String issuer,
    @JsonPropertyDescription("Claims that a token must have, such as amr containing mfa.")
        @Size(max = 16)
        List<RequiredClaim> requiredClaims,
    @JsonPropertyDescription(
            "Certificate authorities that vouch for the issuer's server beside the system's own, PEM;"
                + " for a proxy that opens TLS.")
        References.TextSource serverRoots) {

  /** The clouds of the seed's audience table. */
  public enum Cloud {
    AzurePublic,
    AzureGovernment,
    AzureGermany,
    AzureChina21Vianet
  }

  /** One claim that a token must have. */
  public record RequiredClaim(
      @JsonPropertyDescription("The claim's name.") @Required @Size(min = 1, max = 64) String claim,
      @JsonPropertyDescription("The value, or one of the values where the claim is a list.")
          @Required
          @Size(min = 1, max = 255)
          String contains) {}
}

package dev.p2s.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Any OpenID Connect issuer in Entra ID's place. */
public record OidcSpec(
    @JsonPropertyDescription("The issuer, to the letter as its tokens name it.")
        @Required
        @Size(min = 9, max = 255)
        @ValidationRule(
            value = "isURL(self) && url(self).getScheme() == 'https'",
            message = "issuer must be an https URL, such as https://id.corp.example/realms/corp")
        String issuer,
    @JsonPropertyDescription("The client id that the issuer knows the gateway by.")
        @Required
        @Size(min = 1, max = 255)
        String clientId,
    @JsonPropertyDescription("The audience of the tokens. Default: clientId.")
        @Size(min = 1, max = 255)
        String audience,
    @JsonPropertyDescription("The claim that names the person. Default: preferred_username.")
        @Size(min = 1, max = 64)
        String userClaim,
    @JsonPropertyDescription("Claims that a token must have.") @Size(max = 16)
        List<EntraIdSpec.RequiredClaim> requiredClaims,
    @JsonPropertyDescription(
            "Certificate authorities that vouch for the issuer's server beside the system's own, PEM;"
                + " for an issuer inside the company.")
        References.TextSource serverRoots,
    @JsonPropertyDescription(
            "An entry of a Secret with the client's secret, where the issuer wants one of the gateway;"
                + " for webLogin only.")
        References.EntryRef clientSecretRef,
    @JsonPropertyDescription(
            "People whose VPN client can open a browser log in there (OpenVPN's WEB_AUTH), at a page of"
                + " the gateway's own that sends them to the issuer.")
        WebLogin webLogin) {

  /** The gateway's login page. */
  public record WebLogin(
      @JsonPropertyDescription(
              "What browsers reach the gateway by, such as https://vpn.corp.example: its TCP port of"
                  + " OpenVPN. <url>/login/callback has to be registered at the issuer.")
          @Required
          @Size(min = 9, max = 128)
          @ValidationRule(
              value = "self.matches('^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?$')",
              message =
                  "url must be https with a host, perhaps a port, and nothing after it, such as"
                      + " https://vpn.corp.example")
          String url,
      @JsonPropertyDescription(
              "What is asked for beside openid, such as offline_access, where the issuer renews logins"
                  + " for that only.")
          @Size(max = 8)
          List<@Size(min = 1, max = 255) String> scopes) {}
}

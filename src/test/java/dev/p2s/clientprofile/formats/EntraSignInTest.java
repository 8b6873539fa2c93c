package dev.p2s.clientprofile.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.clientprofile.formats.PackageLogin.EntraSignIn;
import dev.p2s.dataplane.TokenIssuer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntraSignInTest {

  @ParameterizedTest
  @CsvSource({
    "https://sts.windows.net/T/, https://login.microsoftonline.com/T, https://login.microsoftonline.com/T/",
    "https://login.microsoftonline.com/T/v2.0, https://login.microsoftonline.com/T/v2.0, https://login.microsoftonline.com/T/",
    "https://sts.windows.net/T/, https://login.microsoftonline.us/T, https://login.microsoftonline.us/T/"
  })
  void givenAnIssuer_whenSomebodySignsInThere_thenTheTenantsAddressIsWithoutVersion(
      String issuer, String authority, String tenant) {
    TokenIssuer tokens =
        new TokenIssuer(
            AuthenticationType.EntraID,
            issuer,
            authority + "/.well-known/openid-configuration",
            "api://vpn",
            "T",
            List.of("RS256"),
            List.of("upn"),
            "groups",
            List.of(),
            null,
            null);

    assertThat(EntraSignIn.of(tokens)).isEqualTo(new EntraSignIn("api://vpn", issuer, tenant));
  }
}

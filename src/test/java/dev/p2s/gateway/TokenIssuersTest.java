package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.References.EntryRef;
import dev.p2s.api.v1alpha1.References.TextSource;
import dev.p2s.dataplane.TokenIssuer;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenIssuersTest {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String TENANT = "aaaaaaaa-2222-3333-4444-555555555555";
  private static final String OIDC =
      "{authenticationTypes: [OIDC], oidc: {issuer: 'https://id.corp.example/realms/corp',"
          + " clientId: vpn%s}}";

  @ParameterizedTest
  @CsvSource({
    "AzurePublic,https://sts.windows.net/%s/,https://login.microsoftonline.com/%s",
    "AzureGovernment,https://sts.windows.net/%s/,https://login.microsoftonline.us/%s",
    "AzureChina21Vianet,https://sts.chinacloudapi.cn/%s/,https://login.chinacloudapi.cn/%s"
  })
  void givenACloudAndATenant_whenResolved_thenIssuerAndKeysFollow(
      String cloud, String issuer, String authority) throws Exception {
    TokenIssuer made =
        of(
            "{authenticationTypes: [EntraID], entraID: {cloud: "
                + cloud
                + ", tenantId: "
                + TENANT.toUpperCase(java.util.Locale.ROOT)
                + ", audience: c632b3df-fb67-4d84-bdcf-b95ad541b5c8}}");

    assertThat(made.issuer()).isEqualTo(issuer.formatted(TENANT));
    assertThat(made.discovery())
        .isEqualTo(authority.formatted(TENANT) + "/.well-known/openid-configuration");
    assertThat(made.tenant()).isEqualTo(TENANT);
    assertThat(made.algorithms()).containsExactly("RS256");
    assertThat(made.userClaims().getFirst()).isEqualTo("upn");
  }

  @ParameterizedTest
  @CsvSource({
    "entra-id,https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555",
    "oidc,https://id.corp.example/realms/corp"
  })
  void givenASample_whenJudged_thenAcceptedWithItsIssuer(String sample, String authority)
      throws Exception {
    Path file = Path.of("samples/sign-in/" + sample + ".yaml");
    try (var documents = YAML.getFactory().createParser(Files.readString(file))) {
      ObjectNode gateway = YAML.readTree(documents);

      GatewayJudge.Outcome outcome = GatewaySpecs.judged((ObjectNode) gateway.get("spec"));

      assertThat(outcome)
          .isInstanceOfSatisfying(
              GatewayJudge.Outcome.Accepted.class,
              accepted ->
                  assertThat(accepted.gateway().tokenIssuer().discovery())
                      .isEqualTo(authority + "/.well-known/openid-configuration"));
    }
  }

  @Test
  void givenTheIssuerOfV2Tokens_whenResolved_thenItsOwnConfigurationIsAsked() throws Exception {
    String v2 = "https://login.microsoftonline.com/" + TENANT + "/v2.0";

    TokenIssuer made =
        of(
            "{authenticationTypes: [EntraID], entraID: {tenantId: "
                + TENANT
                + ", audience: 'api://vpn', issuer: '"
                + v2
                + "', requiredClaims: [{claim: amr, contains: mfa}]}}");

    assertThat(made.discovery()).isEqualTo(v2 + "/.well-known/openid-configuration");
    assertThat(made.requiredClaims()).containsExactly(new TokenIssuer.RequiredClaim("amr", "mfa"));
  }

  @Test
  void givenAnyIssuer_whenResolved_thenTheClientIsTheAudienceAndNoSharedKeySigns()
      throws Exception {
    TokenIssuer made = of(OIDC.formatted(""));

    assertThat(made.audience()).isEqualTo("vpn");
    assertThat(made.tenant()).isNull();
    assertThat(made.userClaims()).containsExactly("preferred_username");
    assertThat(made.algorithms()).noneMatch(name -> name.startsWith("HS") || name.equals("none"));
  }

  @Test
  void givenCertificatesAlone_whenResolved_thenNoTokensAreTaken() throws Exception {
    assertThat(of("{}")).isNull();
  }

  @Test
  void givenServerRoots_whenTheConfigMapIsThere_thenItsCertificatesCount() throws Exception {
    String pem =
        Pem.certificate(
            CertificateAuthority.selfSigned(
                    "Corp CA",
                    KeyKind.EC_P256,
                    Duration.ofDays(1),
                    Instant.now(),
                    new SecureRandom())
                .certificate());

    assertThat(withRoots("# ours\n" + pem + pem).serverRoots()).isEqualTo(pem + pem);
  }

  @Test
  void givenServerRoots_whenNothingIsThereOrNoPem_thenTheFieldIsNamed() {
    assertThatThrownBy(() -> withRoots(null))
        .isInstanceOf(GatewayRefused.class)
        .hasMessage(
            "spec.oidc.serverRoots: the namespace has no ConfigMap corp-ca with an entry 'ca.crt';"
                + " make it, and the gateway is judged again");
    assertThatThrownBy(() -> withRoots("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n"))
        .isInstanceOf(GatewayRefused.class)
        .hasMessage(
            "spec.oidc.serverRoots holds no PEM certificates; put the PEM of the authorities"
                + " there");
  }

  @Test
  void givenALoginPage_whenResolved_thenItsAddressesAndScopesAreTheIssuers() throws Exception {
    TokenIssuer.WebLogin login =
        of(OIDC.formatted(
                ", webLogin: {url: 'https://vpn.corp.example:8443', scopes: [offline_access]}"))
            .webLogin();

    assertThat(login.redirect()).isEqualTo("https://vpn.corp.example:8443/login/callback");
    assertThat(login.clientId()).isEqualTo("vpn");
    assertThat(login.scopes()).containsExactly("openid", "offline_access");
    assertThat(of(OIDC.formatted("")).webLogin()).isNull();
  }

  @Test
  void givenALoginPageThatCannotBe_whenResolved_thenTheFieldIsNamed() {
    assertThatThrownBy(() -> of(OIDC.formatted(", webLogin: {url: 'https://vpn.example/x'}")))
        .hasMessageStartingWith(
            "spec.oidc.webLogin.url: 'https://vpn.example/x' must be https with a host");
    assertThatThrownBy(
            () -> of(OIDC.formatted(", webLogin: {url: 'https://vpn.example', scopes: ['a b']}")))
        .hasMessageStartingWith("spec.oidc.webLogin.scopes: 'a b' is no scope");
    assertThatThrownBy(() -> of(OIDC.formatted(", clientSecretRef: {name: a, key: b}")))
        .hasMessage("spec.oidc.clientSecretRef has no effect without webLogin; leave it out");
  }

  private static TokenIssuer withRoots(String text) throws Exception {
    TextSource source = new TextSource(new EntryRef("corp-ca", "ca.crt"), null);
    return of(
        OIDC.formatted(", serverRoots: {configMapRef: {name: corp-ca, key: ca.crt}}"),
        text == null ? ReferencedTexts.NONE : new ReferencedTexts(Map.of(source, text)));
  }

  private static TokenIssuer of(String spec) throws Exception {
    return of(spec, ReferencedTexts.NONE);
  }

  private static TokenIssuer of(String yaml, ReferencedTexts texts) throws Exception {
    P2SGatewaySpec spec = YAML.readValue(yaml, P2SGatewaySpec.class);
    return TokenIssuers.of(spec, GatewayRules.authentications(spec), texts);
  }
}

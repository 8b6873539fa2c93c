package dev.p2s.clientprofile.formats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.Fqdn;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.ClientPlatform;
import dev.p2s.catalog.IkePolicy;
import dev.p2s.catalog.IpsecPolicy;
import dev.p2s.clientprofile.formats.PackageLogin.IssuedPair;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.GoldenFile;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Ikev2PackageTest {

  private static final IssuedPair ALICE = issued("alice@example.com");

  @Test
  void givenIkev2Alone_whenWritten_thenEachFileIsTheReviewedOne() throws IOException {
    Map<String, byte[]> files = ProfilePackage.render(input(false, 500, Optional.empty())).files();

    assertThat(files)
        .containsOnlyKeys(
            "Generic/VpnSettings.xml",
            "Generic/VpnServerRoot.cer_0",
            "WindowsPowershell/VpnProfileSetup.ps1",
            "Windows/ProfileXML.xml",
            "Android/vpn.sswan",
            "NetworkManager/office.nmconnection",
            "strongSwan/swanctl.conf",
            "strongSwan/strongswan.d/p2s.conf",
            "strongSwan/x509ca/gateway.pem",
            "README.txt");
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      if (!file.getKey().endsWith(".cer_0")) {
        GoldenFile.assertMatches(
            "packages/ikev2/" + file.getKey(), new String(file.getValue(), StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void givenBothProtocols_whenWritten_thenBothAreInOnePackage() throws IOException {
    Map<String, byte[]> files = ProfilePackage.render(input(true, 443, Optional.of(ALICE))).files();

    assertThat(files)
        .containsKeys(
            "OpenVPN/vpnconfig.ovpn",
            "AzureVPN/azurevpnconfig.xml",
            "Generic/client.p12",
            "strongSwan/x509/client.pem",
            "strongSwan/private/client.pem");
    assertThat(new String(files.get("Generic/VpnSettings.xml"), StandardCharsets.UTF_8))
        .contains("<VpnType>IkeV2,OpenVPN</VpnType>");
    GoldenFile.assertMatches(
        "packages/ikev2-openvpn/README.txt",
        new String(files.get("README.txt"), StandardCharsets.UTF_8));
  }

  @Test
  void givenACertificateForAKeyThatOnlyThePersonHas_whenWritten_thenNoKeyIsAnywhere()
      throws IOException {
    Map<String, byte[]> files =
        ProfilePackage.render(
                input(true, 443, Optional.of(new IssuedPair(ALICE.certificatePem(), ""))))
            .files();

    assertThat(files)
        .containsKeys("Generic/client.crt", "strongSwan/x509/client.pem")
        .doesNotContainKeys(
            "Generic/client.p12", "strongSwan/private/client.pem", "Apple/vpn.mobileconfig");
    assertThat(new String(files.get("OpenVPN/vpnconfig.ovpn"), StandardCharsets.UTF_8))
        .contains(ALICE.certificatePem().strip(), "<key>\n$PRIVATEKEY\n</key>");
    GoldenFile.assertMatches(
        "packages/ikev2-request/README.txt",
        new String(files.get("README.txt"), StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @EnumSource(ClientPlatform.class)
  void givenOnePlatform_whenWritten_thenNothingIsForOthersAlone(ClientPlatform platform) {
    PackageInput input = input(true, 443, Optional.of(ALICE));
    Set<String> everything = ProfilePackage.render(input).files().keySet();
    Map<String, byte[]> files = ProfilePackage.render(input, Set.of(platform)).files();

    Set<String> folders =
        files.keySet().stream()
            .filter(path -> path.contains("/"))
            .map(path -> path.substring(0, path.indexOf('/')))
            .collect(Collectors.toSet());
    Set<String> own =
        switch (platform) {
          case Windows -> Set.of("AzureVPN", "WindowsPowershell", "Windows");
          case Linux -> Set.of("AzureVPN", "strongSwan", "NetworkManager");
          case macOS, iOS -> Set.of("Apple");
          case Android -> Set.of("Android");
        };
    Set<String> expected = new HashSet<>(own);
    expected.addAll(Set.of("Generic", "OpenVPN"));
    assertThat(folders).isEqualTo(expected);
    String readme = new String(files.get("README.txt"), StandardCharsets.UTF_8);
    assertThat(everything)
        .filteredOn(path -> path.contains("/") && !files.containsKey(path))
        .allSatisfy(path -> assertThat(readme).doesNotContain(path));
  }

  @Test
  void givenPeopleWithPasswords_whenWritten_thenEachFileIsTheReviewedOne() throws IOException {
    Map<String, byte[]> files =
        ProfilePackage.render(input(AuthenticationType.RADIUS, false, 500, Optional.empty()))
            .files();

    assertThat(files)
        .containsOnlyKeys(
            "Generic/VpnSettings.xml",
            "Generic/VpnServerRoot.cer_0",
            "WindowsPowershell/VpnProfileSetup.ps1",
            "Windows/ProfileXML.xml",
            "Apple/vpn.mobileconfig",
            "Android/vpn.sswan",
            "NetworkManager/office.nmconnection",
            "strongSwan/swanctl.conf",
            "strongSwan/x509ca/gateway.pem",
            "README.txt");
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      if (!file.getKey().endsWith(".cer_0") && !file.getKey().endsWith(".pem")) {
        GoldenFile.assertMatches(
            "packages/ikev2-radius/" + file.getKey(),
            new String(file.getValue(), StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void givenAnIssuedCertificate_whenItsPkcs12IsOpened_thenKeyAndCertificateAreInIt()
      throws Exception {
    byte[] file = ClientPkcs12.of(ALICE);
    KeyStore store = KeyStore.getInstance("PKCS12");
    char[] password = ClientPkcs12.password(ALICE).toCharArray();

    store.load(new ByteArrayInputStream(file), password);

    assertThat(password).hasSize(20);
    String entry = store.aliases().nextElement();
    assertThat(store.isKeyEntry(entry)).isTrue();
    assertThat(Pem.certificate((X509Certificate) store.getCertificate(entry)))
        .isEqualTo(ALICE.certificatePem());
    assertThat(store.getKey(entry, password)).isEqualTo(Pem.parseKey(ALICE.keyPem()));
    assertThat(ClientPkcs12.of(ALICE)).isEqualTo(file);
    assertThat(ClientPkcs12.password(issued("alice@example.com")))
        .isNotEqualTo(ClientPkcs12.password(ALICE));
  }

  @Test
  void givenAnAndroidProfile_whenRead_thenItIsJsonWithThePersonsPkcs12() throws IOException {
    Map<String, byte[]> files = ProfilePackage.render(input(true, 443, Optional.of(ALICE))).files();

    JsonNode profile = new ObjectMapper().readTree(files.get("Android/vpn.sswan"));

    assertThat(profile.path("type").asText()).isEqualTo("ikev2-cert");
    assertThat(profile.path("uuid").asText()).hasSize(36);
    assertThat(profile.path("remote").path("id").asText()).isEqualTo("office.vpn.p2s");
    assertThat(Base64.getDecoder().decode(profile.path("local").path("p12").asText()))
        .isEqualTo(files.get("Generic/client.p12"));
  }

  static PackageInput input(boolean openVpn, int port, Optional<IssuedPair> pair) {
    return input(AuthenticationType.Certificate, openVpn, port, pair);
  }

  static PackageInput input(
      AuthenticationType authentication, boolean openVpn, int port, Optional<IssuedPair> pair) {
    return input(
        authentication,
        openVpn,
        port,
        pair,
        authority(),
        new GatewayState.Ikev2(IkePolicy.all(), IpsecPolicy.all(), 27_000, 33_553_408));
  }

  static PackageInput input(
      AuthenticationType authentication,
      boolean openVpn,
      int port,
      Optional<IssuedPair> pair,
      X509Certificate authority,
      GatewayState.Ikev2 policies) {
    return new PackageInput(
        "alice",
        "office",
        new PackageInput.Server("vpn.corp.example", port, "office.vpn.p2s", authority),
        new PackageInput.Network(
            List.of(Cidr.parse("10.96.0.0/12"), Cidr.parse("10.244.0.0/16")),
            List.of(Cidr.parse("172.31.200.0/24")),
            List.of("10.96.0.10"),
            List.of(Fqdn.parse("cluster.local"))),
        PackageLogins.of(authentication, Optional.empty(), pair),
        Optional.of(PackageLogins.OPENVPN).filter(served -> openVpn),
        Optional.of(policies),
        false);
  }

  static X509Certificate authority() {
    try {
      return Pem.parseCertificate(
          Files.readString(Path.of("src/test/resources/golden/packages/server-ca.pem")));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static IssuedPair issued(String name) {
    SecureRandom random = new SecureRandom();
    CertificateAuthority.Leaf leaf =
        CertificateAuthority.selfSigned(
                "Office", KeyKind.EC_P256, Duration.ofDays(2), Instant.now(), random)
            .issueClient(name, KeyKind.RSA_2048, Duration.ofDays(1), Instant.now(), random);
    return new IssuedPair(Pem.certificate(leaf.certificate()), Pem.key(leaf.key()));
  }
}

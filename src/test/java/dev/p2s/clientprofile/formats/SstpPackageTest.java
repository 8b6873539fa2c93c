package dev.p2s.clientprofile.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.clientprofile.formats.PackageLogin.IssuedPair;
import dev.p2s.dataplane.GoldenFile;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import dev.p2s.pki.Thumbprint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class SstpPackageTest {

  private static final String HOSTILE = "a'$(calc)`\"]]>&<x>;\n\\u1F600\uD83D\uDE00%n{}";
  private static final String POWERSHELL = "WindowsPowershell/VpnProfileSetup.ps1";
  private static final String PEER = "Linux/office";
  private static final String KEYFILE = "NetworkManager/office-sstp.nmconnection";
  private static final String EAP =
      "//*[local-name()='EapHostConfig']//*[local-name()='EapType' and namespace-uri()="
          + "'http://www.microsoft.com/provisioning/EapTlsConnectionPropertiesV1']";

  @Test
  void givenCertificates_whenWritten_thenEachFileIsTheReviewedOne() throws IOException {
    Map<String, byte[]> files =
        files(AuthenticationType.Certificate, Optional.of(root()), Optional.empty(), false);

    assertThat(files)
        .containsOnlyKeys(
            "Generic/VpnSettings.xml",
            "Generic/VpnServerRoot.cer_0",
            POWERSHELL,
            "Windows/ProfileXML.xml",
            KEYFILE,
            PEER,
            "Linux/routes",
            "Linux/gateway.pem",
            "README.txt");
    assertReviewed("sstp", files);
  }

  @Test
  void givenPeopleWithPasswords_whenWritten_thenEachFileIsTheReviewedOne() throws IOException {
    assertReviewed(
        "sstp-radius", files(AuthenticationType.RADIUS, Optional.empty(), Optional.empty(), false));
  }

  @Test
  void givenIkev2Too_whenWritten_thenEitherCanBeChosen() throws Exception {
    Map<String, byte[]> files =
        files(
            AuthenticationType.Certificate,
            Optional.empty(),
            Optional.of(Ikev2PackageTest.issued("alice@example.com")),
            true);

    assertThat(files)
        .containsKeys(
            "Windows/ProfileXML.xml",
            "Windows/ProfileXML-SSTP.xml",
            "NetworkManager/office.nmconnection",
            KEYFILE,
            ProfilePackage.PKCS12,
            "Apple/vpn.mobileconfig",
            "strongSwan/swanctl.conf",
            "Linux/client.pem",
            "Linux/client.key");
    assertThat(value(files, "Windows/ProfileXML.xml", "//NativeProtocolType")).isEqualTo("IKEv2");
    assertThat(value(files, "Windows/ProfileXML-SSTP.xml", "//NativeProtocolType"))
        .isEqualTo("Sstp");
    for (String path : List.of("README.txt", POWERSHELL, "Generic/VpnSettings.xml")) {
      GoldenFile.assertMatches("packages/sstp-ikev2/" + path, text(files, path));
    }
  }

  @Test
  void givenProfileXml_whenWindowsReadsIt_thenTheServerAndTheRootArePinned() throws Exception {
    Map<String, byte[]> files =
        files(AuthenticationType.Certificate, Optional.of(root()), Optional.empty(), false);
    String xml = "Windows/ProfileXML.xml";

    assertThat(value(files, xml, "/VPNProfile/NativeProfile/Authentication/UserMethod"))
        .isEqualTo("Eap");
    assertThat(value(files, xml, EAP + "//*[local-name()='ServerNames']"))
        .isEqualTo("office.vpn.p2s");
    assertThat(pressed(value(files, xml, EAP + "//*[local-name()='TrustedRootCA']")))
        .isEqualTo(Thumbprint.sha1(Ikev2PackageTest.authority()).hex());
    assertThat(pressed(value(files, xml, EAP + "//*[local-name()='IssuerHash']")))
        .isEqualTo(Thumbprint.sha1(root()).hex());
  }

  @Test
  void givenAnotherPortThan443_whenWritten_thenClientsAreToldItWhereTheirFormatsCan()
      throws Exception {
    ProfilePackage rendered =
        ProfilePackage.render(
            SstpPackages.input(
                AuthenticationType.RADIUS,
                Optional.empty(),
                Optional.empty(),
                false,
                Ikev2PackageTest.authority(),
                31194));

    assertThat(rendered.leftOut()).containsExactly("Generic/VpnSettings.xml");
    Map<String, byte[]> files = rendered.files();
    assertThat(value(files, "Windows/ProfileXML.xml", "//Servers"))
        .isEqualTo("vpn.corp.example:31194");
    assertThat(text(files, POWERSHELL)).contains("-ServerAddress 'vpn.corp.example:31194'");
    assertThat(text(files, KEYFILE)).contains("gateway=vpn.corp.example:31194\n");
    assertThat(text(files, PEER)).contains(" vpn.corp.example:31194\"\n");
  }

  @Test
  void givenAnIssuedCertificate_whenPppdReadsItsFile_thenAllThatItNamesIsBesideIt() {
    IssuedPair alice = Ikev2PackageTest.issued("alice@example.com");
    Map<String, byte[]> files =
        files(AuthenticationType.Certificate, Optional.empty(), Optional.of(alice), false);

    List<String> named =
        text(files, PEER)
            .lines()
            .filter(line -> !line.startsWith("#"))
            .flatMap(line -> List.of(line.split("[ \"]")).stream())
            .filter(word -> word.startsWith("/etc/p2s/office-sstp/"))
            .map(word -> word.replace("/etc/p2s/office-sstp/", "Linux/"))
            .distinct()
            .toList();
    assertThat(named)
        .containsExactlyInAnyOrder(
            "Linux/gateway.pem", "Linux/client.pem", "Linux/client.key", "Linux/routes");
    assertThat(files).containsKeys(named.toArray(String[]::new));
    assertThat(text(files, "Linux/client.key")).isEqualTo(alice.keyPem());
  }

  @Test
  void givenADefaultRoute_whenWritten_thenEveryClientSendsEverything() throws Exception {
    Map<String, byte[]> files =
        SstpPackages.at(
                "192.0.2.1",
                443,
                "office.vpn.p2s",
                Ikev2PackageTest.authority(),
                Optional.empty(),
                "0.0.0.0/0")
            .files();

    assertThat(text(files, "Linux/routes"))
        .contains("replace 0.0.0.0/1 dev", "replace 128.0.0.0/1 dev");
    assertThat(text(files, KEYFILE)).contains("never-default=false\n");
    assertThat(text(files, POWERSHELL))
        .contains("$routes = @()\n")
        .doesNotContain("-SplitTunneling");
    assertThat(value(files, "Windows/ProfileXML.xml", "//RoutingPolicyType"))
        .isEqualTo("ForceTunnel");
  }

  @Test
  void givenHostileNames_whenWritten_thenTheyStayDataInEveryFormat() throws Exception {
    X509Certificate hostile =
        CertificateAuthority.selfSigned(
                HOSTILE, KeyKind.RSA_2048, Duration.ofDays(2), Instant.now(), new SecureRandom())
            .certificate();
    for (AuthenticationType type :
        List.of(AuthenticationType.Certificate, AuthenticationType.RADIUS)) {
      boolean certificate = type == AuthenticationType.Certificate;
      Map<String, byte[]> files =
          ProfilePackage.render(
                  SstpPackages.input(
                      type,
                      Optional.of(hostile).filter(root -> certificate),
                      certificate
                          ? Optional.of(Ikev2PackageTest.issued(HOSTILE))
                          : Optional.empty(),
                      true,
                      hostile,
                      443))
              .files();

      for (String path :
          List.of(
              POWERSHELL,
              PEER,
              "Linux/routes",
              KEYFILE,
              "Windows/ProfileXML-SSTP.xml",
              "README.txt")) {
        assertThat(text(files, path)).as(path).doesNotContain("calc");
      }
      assertThat(value(files, "Windows/ProfileXML-SSTP.xml", "//Servers"))
          .isEqualTo("vpn.corp.example");
      assertThat(value(files, "Generic/VpnSettings.xml", "//ServerCertsRootCn/string"))
          .isEqualTo(HOSTILE.replace('\n', '\uFFFD'));
      assertThat(Pem.parseCertificate(text(files, "Linux/gateway.pem"))).isEqualTo(hostile);
    }
  }

  private static Map<String, byte[]> files(
      AuthenticationType type,
      Optional<X509Certificate> root,
      Optional<IssuedPair> pair,
      boolean ikev2) {
    return ProfilePackage.render(SstpPackages.input(type, root, pair, ikev2)).files();
  }

  private static void assertReviewed(String situation, Map<String, byte[]> files)
      throws IOException {
    for (String path : files.keySet()) {
      if (!path.endsWith(".cer_0") && !path.endsWith(".pem")) {
        GoldenFile.assertMatches("packages/" + situation + "/" + path, text(files, path));
      }
    }
  }

  private static X509Certificate root() throws IOException {
    return Pem.parseCertificate(
        Files.readString(Path.of("src/test/resources/golden/packages/client-root.pem")));
  }

  private static String pressed(String thumbprint) {
    assertThat(thumbprint).matches("([0-9a-f]{2} ){20}");
    return thumbprint.replace(" ", "");
  }

  private static String value(Map<String, byte[]> files, String path, String query)
      throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    Document xml = factory.newDocumentBuilder().parse(new ByteArrayInputStream(files.get(path)));
    XPath xpath = XPathFactory.newInstance().newXPath();
    return xpath.evaluate(query, xml);
  }

  private static String text(Map<String, byte[]> files, String path) {
    return new String(files.get(path), StandardCharsets.UTF_8);
  }
}

package dev.p2s.clientprofile.formats;

import static org.assertj.core.api.Assertions.assertThat;

import com.dd.plist.NSArray;
import com.dd.plist.NSData;
import com.dd.plist.NSDictionary;
import com.dd.plist.PropertyListParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.catalog.IkePolicy;
import dev.p2s.catalog.IpsecPolicy;
import dev.p2s.clientprofile.formats.PackageLogin.IssuedPair;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;

/** Each format is read as its client reads it, and whatever people are called stays data in it. */
class Ikev2FormatsTest {

  private static final String HOSTILE = "a'$(calc)`\"]]>&<x>;\n\\u1F600\uD83D\uDE00%n{}";
  private static final GatewayState.Ikev2 DEFAULT =
      new GatewayState.Ikev2(IkePolicy.all(), IpsecPolicy.all(), 27_000, 33_553_408);
  private static final GatewayState.Ikev2 HARDENED =
      new GatewayState.Ikev2(IkePolicy.hardened(), IpsecPolicy.hardened(), 3_600, 102_400);

  @Test
  void givenAnIssuedCertificate_whenAppleReadsItsProfile_thenItIsOfferedOneProposalOfTheList()
      throws Exception {
    IssuedPair alice = Ikev2PackageTest.issued("alice@example.com");
    Map<String, byte[]> files = files(DEFAULT, AuthenticationType.Certificate, alice);

    Map<String, NSDictionary> payloads = payloads(files);

    assertThat(((NSData) payloads.get("com.apple.security.pkcs12").get("PayloadContent")).bytes())
        .isEqualTo(files.get(ProfilePackage.PKCS12));
    NSDictionary ikev2 = (NSDictionary) payloads.get("com.apple.vpn.managed").get("IKEv2");
    assertThat(text(ikev2, "LocalIdentifier")).isEqualTo("alice@example.com");
    assertThat(text(ikev2, "RemoteIdentifier")).isEqualTo("office.vpn.p2s");
    assertThat(text(ikev2, "AuthenticationMethod")).isEqualTo("Certificate");
    assertThat(text(ikev2, "CertificateType")).isEqualTo("RSA");
    assertThat(text(ikev2, "PayloadCertificateUUID"))
        .isEqualTo(text(payloads.get("com.apple.security.pkcs12"), "PayloadUUID"));
    NSDictionary ike = (NSDictionary) ikev2.get("IKESecurityAssociationParameters");
    assertThat(text(ike, "EncryptionAlgorithm")).isEqualTo("AES-256");
    assertThat(text(ike, "IntegrityAlgorithm")).isEqualTo("SHA2-256");
    assertThat(text(ike, "DiffieHellmanGroup")).isEqualTo("14");
    assertThat(IkePolicy.all()).contains(new IkePolicy("AES256", "SHA256", "SHA256", "GROUP_14"));
    NSDictionary child = (NSDictionary) ikev2.get("ChildSecurityAssociationParameters");
    assertThat(text(child, "LifeTimeInMinutes")).isEqualTo("405");
  }

  @Test
  void givenPeopleWithPasswords_whenAppleReadsTheirProfile_thenItIsEapAlone() throws Exception {
    Map<String, NSDictionary> payloads = payloads(files(HARDENED, AuthenticationType.RADIUS, null));

    NSDictionary ikev2 = (NSDictionary) payloads.get("com.apple.vpn.managed").get("IKEv2");
    assertThat(text(ikev2, "AuthenticationMethod")).isEqualTo("None");
    assertThat(text(ikev2, "ExtendedAuthEnabled")).isEqualTo("1");
    assertThat(payloads).doesNotContainKey("com.apple.security.pkcs12");
  }

  @Test
  void givenANameThatAppleCannotSay_whenWritten_thenThereIsNoProfileForIt() {
    assertThat(files(DEFAULT, AuthenticationType.Certificate, Ikev2PackageTest.issued(HOSTILE)))
        .doesNotContainKey("Apple/vpn.mobileconfig");
    assertThat(files(DEFAULT, AuthenticationType.Certificate, null))
        .doesNotContainKey("Apple/vpn.mobileconfig");
  }

  @ParameterizedTest
  @MethodSource("suites")
  void givenAnyRowAlone_whenAClientIsToldOneProposal_thenItIsThatRow(
      IkePolicy ike, IpsecPolicy ipsec) throws Exception {
    GatewayState.Ikev2 policies =
        new GatewayState.Ikev2(List.of(ike), List.of(ipsec), 27_000, 33_553_408);
    Map<String, byte[]> files = files(policies, AuthenticationType.RADIUS, null);

    Document xml = xml(files);
    XPath path = XPathFactory.newInstance().newXPath();
    String suite = "/VPNProfile/NativeProfile/CryptographySuite/";
    String method = ike.cipher().startsWith("GCM") ? "AES_GCM_256" : "AES256";
    assertThat(path.evaluate(suite + "EncryptionMethod", xml)).isEqualTo(method);
    assertThat(path.evaluate(suite + "IntegrityCheckMethod", xml)).isEqualTo(ike.prf());
    assertThat(path.evaluate(suite + "DHGroup", xml).replace("Group", "GROUP_"))
        .isEqualTo(ike.dhGroup().replace("GROUP_ECP", "ECP"));
    assertThat(path.evaluate(suite + "CipherTransformConstants", xml))
        .isEqualTo(ipsec.cipher().replace("_", ""));
    boolean sayable = Stream.of(ike.dhGroup(), ipsec.pfsGroup()).noneMatch("GROUP_24"::equals);
    assertThat(files.containsKey("Apple/vpn.mobileconfig")).isEqualTo(sayable);
  }

  static Stream<org.junit.jupiter.params.provider.Arguments> suites() {
    List<IpsecPolicy> ipsec = IpsecPolicy.all();
    return IntStream.range(0, IkePolicy.all().size())
        .mapToObj(
            i ->
                org.junit.jupiter.params.provider.Arguments.of(
                    IkePolicy.all().get(i), ipsec.get(i % ipsec.size())));
  }

  @Test
  void givenProfileXml_whenRead_thenItHasWhatVpnv2Asks() throws Exception {
    Document xml = xml(files(DEFAULT, AuthenticationType.RADIUS, null));
    XPath path = XPathFactory.newInstance().newXPath();

    String configuration =
        "/VPNProfile/NativeProfile/Authentication/Eap/Configuration"
            + "/*[local-name()='EapHostConfig' and"
            + " namespace-uri()='http://www.microsoft.com/provisioning/EapHostConfig']";
    assertThat(path.evaluate("/VPNProfile/NativeProfile/NativeProtocolType", xml))
        .isEqualTo("IKEv2");
    assertThat(path.evaluate("/VPNProfile/NativeProfile/Servers", xml))
        .isEqualTo("vpn.corp.example");
    assertThat(
            path.evaluate(
                configuration + "/*[local-name()='EapMethod']/*[local-name()='Type']", xml))
        .isEqualTo("26");
    assertThat(path.evaluate("count(/VPNProfile/Route)", xml)).isEqualTo("2");
    assertThat(path.evaluate("/VPNProfile/Route[1]/PrefixSize", xml)).isEqualTo("12");
    assertThat(path.evaluate("/VPNProfile/DomainNameInformation/DomainName", xml))
        .isEqualTo(".cluster.local");
  }

  @Test
  void givenAKeyfile_whenRead_thenItHasTheKeysOfThePlugin() {
    Map<String, String> vpn =
        section(files(DEFAULT, AuthenticationType.Certificate, null), "[vpn]");

    assertThat(vpn)
        .containsEntry("service-type", "org.freedesktop.NetworkManager.strongswan")
        .containsEntry("address", "vpn.corp.example")
        .containsEntry("remote-identity", "office.vpn.p2s")
        .containsEntry("method", "cert")
        .containsEntry("remote-ts", "10.96.0.0/12;10.244.0.0/16");
    assertThat(vpn.get("ike").split(";")).hasSize(17);
    assertThat(vpn.get("esp").split(";")).hasSize(11);
  }

  @Test
  void givenHostileNames_whenWritten_thenTheyStayDataInEveryFormat() throws Exception {
    SecureRandom random = new SecureRandom();
    X509Certificate authority =
        CertificateAuthority.selfSigned(
                HOSTILE, KeyKind.RSA_2048, Duration.ofDays(2), Instant.now(), random)
            .certificate();
    for (AuthenticationType type :
        List.of(AuthenticationType.Certificate, AuthenticationType.RADIUS)) {
      IssuedPair pair = type == AuthenticationType.RADIUS ? null : Ikev2PackageTest.issued(HOSTILE);
      Map<String, byte[]> files =
          ProfilePackage.render(
                  Ikev2PackageTest.input(
                      type, false, 500, Optional.ofNullable(pair), authority, DEFAULT))
              .files();

      for (String path :
          List.of(
              "WindowsPowershell/VpnProfileSetup.ps1",
              "strongSwan/swanctl.conf",
              "NetworkManager/office.nmconnection",
              "README.txt",
              "Windows/ProfileXML.xml",
              "Android/vpn.sswan")) {
        assertThat(new String(files.get(path), StandardCharsets.UTF_8))
            .as(path)
            .doesNotContain("calc");
      }
      new ObjectMapper().readTree(files.get("Android/vpn.sswan"));
      xml(files);
      assertThat(section(files, "[vpn]")).doesNotContainKey("x");
      if (type == AuthenticationType.RADIUS) {
        NSDictionary ikev2 =
            (NSDictionary) payloads(files).get("com.apple.vpn.managed").get("IKEv2");
        // on one line, as XML has no place for its line end
        assertThat(text(ikev2, "ServerCertificateIssuerCommonName"))
            .isEqualTo(HOSTILE.replace('\n', '\uFFFD'));
      }
      assertThat(
              Pem.parseCertificate(
                  new String(
                      files.get("strongSwan/x509ca/gateway.pem"), StandardCharsets.US_ASCII)))
          .isEqualTo(authority);
    }
  }

  private static Map<String, byte[]> files(
      GatewayState.Ikev2 policies, AuthenticationType type, IssuedPair pair) {
    return ProfilePackage.render(
            Ikev2PackageTest.input(
                type,
                false,
                500,
                Optional.ofNullable(pair),
                Ikev2PackageTest.authority(),
                policies))
        .files();
  }

  private static Map<String, NSDictionary> payloads(Map<String, byte[]> files) throws Exception {
    NSDictionary profile =
        (NSDictionary) PropertyListParser.parse(files.get("Apple/vpn.mobileconfig"));
    assertThat(text(profile, "PayloadType")).isEqualTo("Configuration");
    Map<String, NSDictionary> payloads = new LinkedHashMap<>();
    for (var payload : ((NSArray) profile.get("PayloadContent")).getArray()) {
      NSDictionary dictionary = (NSDictionary) payload;
      for (String key : List.of("PayloadIdentifier", "PayloadUUID", "PayloadVersion")) {
        assertThat(dictionary.containsKey(key)).as(key).isTrue();
      }
      payloads.put(text(dictionary, "PayloadType"), dictionary);
    }
    return payloads;
  }

  private static String text(NSDictionary dictionary, String key) {
    return dictionary.get(key).toJavaObject().toString();
  }

  private static Document xml(Map<String, byte[]> files) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    return factory
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(files.get("Windows/ProfileXML.xml")));
  }

  private static Map<String, String> section(Map<String, byte[]> files, String name) {
    Map<String, String> entries = new LinkedHashMap<>();
    String current = "";
    for (String line :
        new String(files.get("NetworkManager/office.nmconnection"), StandardCharsets.UTF_8)
            .lines()
            .toList()) {
      if (line.startsWith("[")) {
        current = line;
      } else if (current.equals(name) && line.contains("=")) {
        String[] parts = line.split("=", 2);
        entries.put(parts[0], parts[1]);
      }
    }
    return entries;
  }
}

package dev.p2s.clientprofile.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.Fqdn;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.clientprofile.formats.PackageLogin.IssuedPair;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.GoldenFile;
import dev.p2s.pki.OpenVpnStaticKey;
import dev.p2s.pki.Pem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

class ProfilePackageTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/packages");
  private static final String AZURE = "http://schemas.datacontract.org/2004/07/";
  private static final OpenVpnStaticKey TLS_AUTH =
      OpenVpnStaticKey.parse(
          "-----BEGIN OpenVPN Static key V1-----\n"
              + "0123456789abcdef0123456789abcdef\n".repeat(16)
              + "-----END OpenVPN Static key V1-----\n");
  // what is between the markers is copied as it is, and no key of anybody is in the repository
  private static final IssuedPair PAIR =
      new IssuedPair(
          "-----BEGIN CERTIFICATE-----\nQUxJQ0U=\n-----END CERTIFICATE-----\n",
          "-----BEGIN PRIVATE KEY-----\nTk8gS0VZ\n-----END PRIVATE KEY-----\n");

  /** The situations that packages are written for. */
  enum Case {
    ISSUED,
    OWN_CERTIFICATE,
    SEVERAL_ROOTS,
    NODE_PORT,
    FORCED_TUNNEL,
    NOTHING_BUT_AN_ADDRESS,
    HOSTILE_AUTHORITY,
    RADIUS,
    ENTRA_ID,
    OIDC,
    OIDC_BROWSER;

    String folder() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    PackageInput input() {
      Optional<X509Certificate> root = Optional.of(certificate("client-root.pem"));
      PackageInput issued =
          new PackageInput(
              "alice",
              "office",
              new PackageInput.Server(
                  "vpn.corp.example", 443, "office.vpn.p2s", certificate("server-ca.pem")),
              new PackageInput.Network(
                  List.of(Cidr.parse("10.96.0.0/12"), Cidr.parse("10.244.0.0/16")),
                  List.of(Cidr.parse("172.31.200.0/24"), Cidr.parse("172.31.201.0/24")),
                  List.of("10.96.0.10", "fd00::a"),
                  List.of(Fqdn.parse("cluster.local"), Fqdn.parse("corp.example"))),
              new PackageLogin.ByCertificate(root, Optional.of(PAIR)),
              Optional.of(new PackageInput.OpenVpn(TLS_AUTH)),
              Optional.empty(),
              false);
      return switch (this) {
        case ISSUED -> issued;
        case OWN_CERTIFICATE -> with(issued, root);
        case SEVERAL_ROOTS -> with(issued, Optional.empty());
        case NODE_PORT ->
            at(
                issued,
                new PackageInput.Server(
                    "192.0.2.7", 31194, "office.vpn.p2s", certificate("server-ca.pem")));
        case FORCED_TUNNEL ->
            reaching(issued, GatewayState.EVERYTHING, issued.network().dnsServers());
        case NOTHING_BUT_AN_ADDRESS -> reaching(issued, List.of(), List.of());
        case ENTRA_ID -> with(issued, AuthenticationType.EntraID);
        case OIDC -> with(issued, AuthenticationType.OIDC);
        case OIDC_BROWSER -> PackageLogins.with(issued, new PackageLogin.AtIssuer(true));
        case RADIUS -> with(issued, AuthenticationType.RADIUS);
        case HOSTILE_AUTHORITY ->
            new PackageInput(
                "a".repeat(253),
                "a-gateway-with-the-longest-name-of-all",
                new PackageInput.Server(
                    "2001:db8::7", 443, "office.vpn.p2s", certificate("hostile-ca.pem")),
                issued.network(),
                new PackageLogin.ByCertificate(
                    Optional.of(certificate("hostile-ca.pem")), Optional.of(PAIR)),
                issued.openVpn(),
                issued.ikev2(),
                issued.sstp());
      };
    }
  }

  @ParameterizedTest
  @EnumSource(Case.class)
  void givenASituation_whenItsPackageIsWritten_thenEachFileIsTheReviewedOne(Case situation)
      throws Exception {
    ProfilePackage rendered = ProfilePackage.render(situation.input());
    List<String> listing = new ArrayList<>();
    for (Map.Entry<String, byte[]> file : rendered.files().entrySet()) {
      listing.add(file.getKey());
      if (file.getKey().endsWith(".cer_0")) {
        assertThat(
                CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(file.getValue())))
            .isEqualTo(situation.input().server().authority());
      } else {
        GoldenFile.assertMatches(
            "packages/" + situation.folder() + "/" + file.getKey(), text(file.getValue()));
      }
    }
    listing.add(
        "sha256 of the zip "
            + HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(rendered.zip())));
    GoldenFile.assertMatches(
        "packages/" + situation.folder() + "/listing.txt", String.join("\n", listing) + "\n");
  }

  @ParameterizedTest
  @EnumSource(Case.class)
  void givenEqualInput_whenZippedTwice_thenTheBytesAreEqualAndHoldTheFilesInOrder(Case situation)
      throws IOException {
    ProfilePackage rendered = ProfilePackage.render(situation.input());
    byte[] zip = rendered.zip();

    assertThat(ProfilePackage.render(situation.input()).zip()).isEqualTo(zip);
    List<String> names = new ArrayList<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        names.add(entry.getName());
        assertThat(in.readAllBytes()).isEqualTo(rendered.files().get(entry.getName()));
      }
    }
    assertThat(names).containsExactlyElementsOf(rendered.files().keySet());
    assertThat(names).noneMatch(name -> name.startsWith("/") || name.contains(".."));
  }

  @ParameterizedTest
  @EnumSource(Case.class)
  void givenASituation_whenItsXmlIsReadBack_thenItSaysWhatWasMeant(Case situation)
      throws Exception {
    PackageInput input = situation.input();
    ProfilePackage rendered = ProfilePackage.render(input);
    for (Map.Entry<String, byte[]> file : rendered.files().entrySet()) {
      if (file.getKey().endsWith(".xml")) {
        Element root = parsed(file.getValue()).getDocumentElement();
        boolean azure = file.getKey().startsWith("AzureVPN");
        assertThat(values(root, azure ? "fqdn" : "VpnServer"))
            .containsExactly(input.server().address());
        if (azure) {
          alphabetical(root);
          assertThat(values(root, "serversecret"))
              .containsExactly(input.openVpn().orElseThrow().tlsAuthKey().hex());
          assertThat(values(root, "name").getFirst()).hasSizeLessThanOrEqualTo(15);
        }
      }
    }
  }

  @Test
  void givenAnAuthorityWhoseNameIsMarkup_whenItsXmlIsReadBack_thenItIsOneLineOfText()
      throws Exception {
    byte[] settings =
        ProfilePackage.render(Case.HOSTILE_AUTHORITY.input())
            .files()
            .get("Generic/VpnSettings.xml");

    Element root = parsed(settings).getDocumentElement();

    assertThat(values(root, "VpnServer")).containsExactly("2001:db8::7");
    assertThat(values(((Element) root.getElementsByTagName("ServerCertsRootCn").item(0)), "string"))
        .containsExactly("</string><VpnServer>evil\uFFFD\uFFFD]]>&amp;\u202e");
  }

  @Test
  void givenAnotherPortThan443_whenWritten_thenWhatCannotNameItIsLeftOutAndListed() {
    ProfilePackage rendered = ProfilePackage.render(Case.NODE_PORT.input());

    assertThat(rendered.files().keySet())
        .containsExactly("Generic/VpnServerRoot.cer_0", "OpenVPN/vpnconfig.ovpn", "README.txt");
    assertThat(rendered.leftOut())
        .containsExactly("Generic/VpnSettings.xml", "AzureVPN/azurevpnconfig.xml");
    assertThat(text(rendered.files().get("OpenVPN/vpnconfig.ovpn")).lines())
        .contains("remote 192.0.2.7 31194");
    assertThat(ProfilePackage.render(Case.ISSUED.input()).leftOut()).isEmpty();
  }

  @Test
  void givenNoCertificate_whenWritten_thenThePlaceholdersThatAzuresUsersKnowStandThere() {
    assertThat(
            text(ProfilePackage.render(Case.OWN_CERTIFICATE.input())
                    .files()
                    .get("OpenVPN/vpnconfig.ovpn"))
                .lines())
        .contains("$CLIENTCERTIFICATE", "$PRIVATEKEY");
  }

  private static PackageInput with(PackageInput input, Optional<X509Certificate> root) {
    return PackageLogins.with(input, new PackageLogin.ByCertificate(root, Optional.empty()));
  }

  private static PackageInput with(PackageInput input, AuthenticationType authentication) {
    return PackageLogins.with(
        input, PackageLogins.of(authentication, Optional.empty(), Optional.empty()));
  }

  private static PackageInput at(PackageInput input, PackageInput.Server server) {
    return new PackageInput(
        input.profile(),
        input.gateway(),
        server,
        input.network(),
        input.login(),
        input.openVpn(),
        input.ikev2(),
        input.sstp());
  }

  private static PackageInput reaching(PackageInput input, List<Cidr> routes, List<String> dns) {
    return PackageLogins.reaching(
        input,
        new PackageInput.Network(
            routes,
            input.network().pools(),
            dns,
            dns.isEmpty() ? List.of() : input.network().dnsSuffixes()));
  }

  private static X509Certificate certificate(String file) {
    try {
      return Pem.parseCertificate(Files.readString(GOLDEN.resolve(file)));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Document parsed(byte[] xml) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    return factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml));
  }

  private static List<String> values(Element root, String element) {
    NodeList found = root.getElementsByTagName(element);
    List<String> values = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      values.add(found.item(i).getTextContent());
    }
    return values;
  }

  // the client's serializer passes over an element that comes too late
  private static void alphabetical(Element element) {
    List<String> names = new ArrayList<>();
    for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element inner) {
        assertThat(inner.getNamespaceURI()).isEqualTo(AZURE);
        names.add(inner.getLocalName());
        alphabetical(inner);
      }
    }
    assertThat(names)
        .as("children of %s", element.getLocalName())
        .isEqualTo(List.copyOf(ordered(names)));
  }

  private static List<String> ordered(List<String> names) {
    Map<String, List<String>> byName = new TreeMap<>();
    names.forEach(name -> byName.computeIfAbsent(name, n -> new ArrayList<>()).add(name));
    return byName.values().stream().flatMap(List::stream).toList();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}

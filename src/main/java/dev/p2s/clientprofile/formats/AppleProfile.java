package dev.p2s.clientprofile.formats;

import dev.p2s.addressing.Fqdn;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.Pem;
import dev.p2s.pki.PersonName;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code Apple/vpn.mobileconfig}: a configuration profile for iPhone, iPad and Mac with the
 * gateway's authority, the person's certificate where there is one, and the connection. Apple's
 * clients send exactly one proposal, so that it is one that the gateway has.
 */
final class AppleProfile {

  static final String PATH = "Apple/vpn.mobileconfig";

  private static final String DOCTYPE =
      "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\""
          + " \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">";

  private static final Map<String, String> GROUPS =
      Map.of("GROUP_2", "2", "GROUP_14", "14", "GROUP_ECP256", "19", "GROUP_ECP384", "20");
  private static final Map<String, String> CIPHERS =
      Map.of(
          "AES128", "AES-128",
          "AES256", "AES-256",
          "GCM_AES128", "AES-128-GCM",
          "GCM_AES256", "AES-256-GCM");
  private static final Map<String, String> HASHES =
      Map.of("SHA1", "SHA1-96", "SHA256", "SHA2-256", "SHA384", "SHA2-384");

  /** Minutes that Apple takes. */
  private static final long SHORTEST = 10;

  private static final long LONGEST = 1_440;

  private AppleProfile() {}

  /**
   * Empty where Apple's clients could not use it: a certificate that somebody brings along, one
   * whose name is neither a mail address nor a host name, or a gateway without a row that they can
   * say.
   */
  static Optional<String> render(PackageInput input) {
    Optional<ClientSuite> suite = ClientSuite.of(input.ikev2().orElseThrow(), GROUPS.keySet());
    if (input.login().byRadiusCertificate()) {
      // a profile names the certificate that it brings along, and that is not here
      return Optional.empty();
    }
    if (!input.login().byCertificate()) {
      return suite.map(chosen -> render(input, chosen, Optional.empty()));
    }
    return suite.flatMap(
        chosen ->
            input
                .login()
                .keyPair()
                .filter(
                    pair -> PersonName.of(Pem.parseCertificate(pair.certificatePem())).isPresent())
                .map(pair -> render(input, chosen, Optional.of(pair))));
  }

  private static String render(
      PackageInput input, ClientSuite suite, Optional<PackageLogin.IssuedPair> pair) {
    Plist plist = new Plist(DOCTYPE);
    head(plist, input, "Configuration", "profile");
    plist.text("PayloadDisplayName", "VPN " + input.gateway());
    plist.array("PayloadContent");
    plist.dict();
    head(plist, input, "com.apple.security.root", "authority");
    plist.data("PayloadContent", encoded(input.server().authority()));
    plist.close();
    List<X509Certificate> servers =
        input.login().radius().map(RadiusLogin::serverRoots).orElse(List.of());
    for (int i = 0; i < servers.size(); i++) {
      plist.dict();
      head(plist, input, "com.apple.security.root", "radius-" + i);
      plist.data("PayloadContent", encoded(servers.get(i)));
      plist.close();
    }
    if (pair.isPresent()) {
      plist.dict();
      head(plist, input, "com.apple.security.pkcs12", "certificate");
      plist.data("PayloadContent", ClientPkcs12.of(pair.get()));
      plist.close();
    }
    plist.dict();
    head(plist, input, "com.apple.vpn.managed", "vpn");
    plist.text("UserDefinedName", input.gateway());
    plist.text("VPNType", "IKEv2");
    plist.dict("IKEv2");
    connection(plist, input, suite, pair.map(one -> Pem.parseCertificate(one.certificatePem())));
    plist.close();
    dns(plist, input);
    plist.close();
    plist.close();
    return plist.finish();
  }

  private static void connection(
      Plist plist, PackageInput input, ClientSuite suite, Optional<X509Certificate> certificate) {
    plist.text("RemoteAddress", input.server().address());
    plist.text("RemoteIdentifier", input.server().name());
    plist.text("LocalIdentifier", certificate.flatMap(PersonName::of).orElse(""));
    CertificateAuthority.commonName(input.server().authority())
        .ifPresent(name -> plist.text("ServerCertificateIssuerCommonName", name));
    if (certificate.isPresent()) {
      plist.text("AuthenticationMethod", "Certificate");
      plist.text("CertificateType", type(certificate.get()));
      plist.text("PayloadCertificateUUID", uuid(input, "certificate"));
      plist.number("ExtendedAuthEnabled", 0);
    } else {
      // EAP alone; the device asks for name and password
      plist.text("AuthenticationMethod", "None");
      plist.number("ExtendedAuthEnabled", 1);
    }
    boolean renewsGroup = !suite.ipsec().pfsGroup().equals("GROUP_NONE");
    plist.number("EnablePFS", renewsGroup ? 1 : 0);
    plist.text("DeadPeerDetectionRate", "Medium");
    if (input.network().everything()) {
      plist.number("IncludeAllNetworks", 1);
    }
    plist.dict("IKESecurityAssociationParameters");
    plist.text("EncryptionAlgorithm", CIPHERS.get(suite.ike().cipher()));
    plist.text("IntegrityAlgorithm", HASHES.get(suite.ike().prf()));
    plist.number("DiffieHellmanGroup", Long.parseLong(GROUPS.get(suite.ike().dhGroup())));
    plist.number("LifeTimeInMinutes", LONGEST);
    plist.close();
    plist.dict("ChildSecurityAssociationParameters");
    plist.text("EncryptionAlgorithm", CIPHERS.get(suite.ipsec().cipher()));
    plist.text("IntegrityAlgorithm", HASHES.getOrDefault(suite.ipsec().integrity(), "SHA2-256"));
    plist.number(
        "DiffieHellmanGroup",
        Long.parseLong(GROUPS.get(renewsGroup ? suite.ipsec().pfsGroup() : suite.ike().dhGroup())));
    // the client renews before the server does
    long minutes = input.ikev2().orElseThrow().saLifetimeSeconds() * 9 / 600;
    plist.number("LifeTimeInMinutes", Math.clamp(minutes, SHORTEST, LONGEST));
    plist.close();
  }

  private static void dns(Plist plist, PackageInput input) {
    List<String> suffixes = input.network().dnsSuffixes().stream().map(Fqdn::value).toList();
    if (!input.network().dnsServers().isEmpty() && !suffixes.isEmpty()) {
      plist.dict("DNS");
      plist.texts("ServerAddresses", input.network().dnsServers());
      plist.texts("SearchDomains", suffixes);
      if (!input.network().everything()) {
        plist.texts("SupplementalMatchDomains", suffixes);
      }
      plist.close();
    }
  }

  /** The same profile keeps its identity: installing it again replaces it. */
  private static void head(Plist plist, PackageInput input, String type, String part) {
    plist.text("PayloadType", type);
    plist.number("PayloadVersion", 1);
    plist.text(
        "PayloadIdentifier", "dev.p2s." + input.gateway() + "." + input.profile() + "." + part);
    plist.text("PayloadUUID", uuid(input, part));
  }

  private static String uuid(PackageInput input, String part) {
    return UUID.nameUUIDFromBytes(
            (input.server().name() + "/" + input.profile() + "/apple/" + part)
                .getBytes(StandardCharsets.UTF_8))
        .toString();
  }

  private static String type(X509Certificate certificate) {
    return certificate.getPublicKey() instanceof ECPublicKey key
        ? "ECDSA" + key.getParams().getCurve().getField().getFieldSize()
        : "RSA";
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Apple's property lists, whose root is a dictionary. */
  private static final class Plist {

    private final XmlText xml = new XmlText();

    Plist(String doctype) {
      xml.declaration().doctype(doctype);
      xml.open("plist", "version", "1.0").open("dict");
    }

    void text(String key, String value) {
      xml.element("key", key).element("string", value);
    }

    void number(String key, long value) {
      xml.element("key", key).element("integer", Long.toString(value));
    }

    void data(String key, byte[] value) {
      xml.element("key", key).element("data", Base64.getEncoder().encodeToString(value));
    }

    void texts(String key, List<String> values) {
      array(key);
      values.forEach(value -> xml.element("string", value));
      close();
    }

    void dict(String key) {
      xml.element("key", key).open("dict");
    }

    void dict() {
      xml.open("dict");
    }

    void array(String key) {
      xml.element("key", key).open("array");
    }

    void close() {
      xml.close();
    }

    String finish() {
      return xml.close().close().finish();
    }
  }
}

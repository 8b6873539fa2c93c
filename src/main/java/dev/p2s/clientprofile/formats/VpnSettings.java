package dev.p2s.clientprofile.formats;

import dev.p2s.pki.CertificateAuthority;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code Generic/VpnSettings.xml}: the settings for clients that are configured by hand. */
final class VpnSettings {

  private VpnSettings() {}

  static String render(PackageInput input) {
    XmlText xml = new XmlText().declaration();
    xml.open(
        "VpnProfile",
        "xmlns:xsd",
        "http://www.w3.org/2001/XMLSchema",
        "xmlns:xsi",
        "http://www.w3.org/2001/XMLSchema-instance");
    xml.element("VpnServer", input.server().address());
    xml.element("VpnType", types(input));
    xml.open("CaCerts").element("string", base64(input)).close();
    xml.element(
        "Routes",
        Stream.concat(input.network().addressedRoutes().stream(), input.network().pools().stream())
            .map(Object::toString)
            .collect(Collectors.joining(",")));
    // an access token is carried by OpenVPN alone, so no EAP method stands for it
    switch (input.login()) {
      case PackageLogin.ByCertificate certificate -> xml.element("Auth", "EAPTLS");
      case PackageLogin.AtRadius(RadiusLogin servers) ->
          xml.element("Auth", servers.byCertificate() ? "EAPTLS" : "EAPMSCHAPV2");
      case PackageLogin.AtEntraId entra -> {}
      case PackageLogin.AtIssuer issuer -> {}
    }
    xml.element("VnetName", input.gateway());
    xml.open("ServerCertsRootCn").element("string", commonName(input.server().authority())).close();
    xml.open("ServerCertsIssuerCn")
        .element("string", commonName(input.server().authority()))
        .close();
    xml.element(
        "VpnClientAddressPool",
        input.network().pools().stream().map(Object::toString).collect(Collectors.joining(",")));
    if (input.login().entra().isPresent()) {
      PackageLogin.EntraSignIn entra = input.login().entra().orElseThrow();
      xml.element("AadIssuer", entra.issuer());
      xml.element("AadTenant", entra.tenant());
      xml.element("AadAudience", entra.audience());
    }
    xml.element("CustomDnsServers", String.join(",", input.network().dnsServers()));
    return xml.close().finish();
  }

  // Azure's order
  private static String types(PackageInput input) {
    List<String> types = new ArrayList<>();
    if (input.sstp()) {
      types.add("SSTP");
    }
    if (input.ikev2().isPresent()) {
      types.add("IkeV2");
    }
    if (input.openVpn().isPresent()) {
      types.add("OpenVPN");
    }
    return String.join(",", types);
  }

  private static String base64(PackageInput input) {
    try {
      return Base64.getEncoder().encodeToString(input.server().authority().getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String commonName(X509Certificate certificate) {
    return CertificateAuthority.commonName(certificate)
        .orElseGet(() -> certificate.getSubjectX500Principal().getName());
  }
}

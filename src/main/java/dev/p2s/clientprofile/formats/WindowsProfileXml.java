package dev.p2s.clientprofile.formats;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.Fqdn;
import java.util.List;
import java.util.Map;

/**
 * {@code Windows/ProfileXML.xml}: the connection for Windows' device management (VPNv2 CSP,
 * ProfileXML), as Intune and its like hand it out.
 */
final class WindowsProfileXml {

  /** What the CSP calls otherwise than PowerShell does. */
  private static final Map<String, String> CSP_CIPHERS =
      Map.of("GCMAES128", "AES_GCM_128", "GCMAES256", "AES_GCM_256");

  private WindowsProfileXml() {}

  /** The connection over IKEv2. */
  static String render(PackageInput input) {
    XmlText xml = begin(input);
    xml.element("Servers", input.server().address());
    xml.element("RoutingPolicyType", input.network().everything() ? "ForceTunnel" : "SplitTunnel");
    xml.element("NativeProtocolType", "IKEv2");
    xml.open("Authentication");
    if (input.login().byCertificate()) {
      xml.element("MachineMethod", "Certificate");
    } else {
      xml.element("UserMethod", "Eap");
      xml.open("Eap").open("Configuration");
      if (input.login().byRadiusCertificate()) {
        EapHostConfig.tls(xml, input.login().radius().orElseThrow().serverRoots());
      } else {
        EapHostConfig.msChapV2(xml);
      }
      xml.close().close();
    }
    xml.close();
    xml.open("CryptographySuite");
    WindowsSuite.of(input.ikev2().orElseThrow())
        .forEach(
            (name, word) ->
                xml.element(
                    name,
                    name.equals("EncryptionMethod") ? CSP_CIPHERS.getOrDefault(word, word) : word));
    xml.close();
    return end(xml, input);
  }

  /** The connection over SSTP, which device management can name since Windows 11. */
  static String sstp(PackageInput input) {
    XmlText xml = begin(input);
    xml.element("Servers", WindowsSstpProfile.server(input));
    xml.element("RoutingPolicyType", input.network().everything() ? "ForceTunnel" : "SplitTunnel");
    xml.element("NativeProtocolType", "Sstp");
    xml.open("Authentication");
    if (input.login().byCertificate()) {
      xml.element("UserMethod", "Eap");
      xml.open("Eap").open("Configuration");
      EapHostConfig.tls(xml, input);
      xml.close().close();
    } else {
      xml.element("UserMethod", "MSChapv2");
    }
    xml.close();
    return end(xml, input);
  }

  private static XmlText begin(PackageInput input) {
    XmlText xml = new XmlText();
    xml.open("VPNProfile");
    xml.element("RememberCredentials", "true");
    if (!input.network().dnsSuffixes().isEmpty()) {
      xml.element("DnsSuffix", input.network().dnsSuffixes().getFirst().value());
    }
    return xml.open("NativeProfile");
  }

  private static String end(XmlText xml, PackageInput input) {
    if (!input.network().everything()) {
      xml.element("DisableClassBasedDefaultRoute", "true");
    }
    xml.close();
    for (Cidr route : input.network().everything() ? List.<Cidr>of() : input.network().routes()) {
      String[] parts = route.toString().split("/", 2);
      xml.open("Route").element("Address", parts[0]).element("PrefixSize", parts[1]).close();
    }
    if (!input.network().dnsServers().isEmpty()) {
      for (Fqdn suffix : input.network().dnsSuffixes()) {
        xml.open("DomainNameInformation")
            .element("DomainName", "." + suffix.value())
            .element("DnsServers", String.join(",", input.network().dnsServers()))
            .close();
      }
    }
    return xml.close().finish();
  }
}

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

  private static final String EAP_HOST = "http://www.microsoft.com/provisioning/EapHostConfig";
  private static final String EAP_COMMON = "http://www.microsoft.com/provisioning/EapCommon";
  private static final String EAP_BASE =
      "http://www.microsoft.com/provisioning/BaseEapConnectionPropertiesV1";
  private static final String MSCHAPV2 =
      "http://www.microsoft.com/provisioning/MsChapV2ConnectionPropertiesV1";
  private static final String EAP_MSCHAPV2 = "26";

  /** What the CSP calls otherwise than PowerShell does. */
  private static final Map<String, String> CSP_CIPHERS =
      Map.of("GCMAES128", "AES_GCM_128", "GCMAES256", "AES_GCM_256");

  private WindowsProfileXml() {}

  static String render(PackageInput input) {
    XmlText xml = new XmlText();
    xml.open("VPNProfile");
    xml.element("RememberCredentials", "true");
    if (!input.dnsSuffixes().isEmpty()) {
      xml.element("DnsSuffix", input.dnsSuffixes().getFirst().value());
    }
    xml.open("NativeProfile");
    xml.element("Servers", input.address());
    xml.element("RoutingPolicyType", input.everything() ? "ForceTunnel" : "SplitTunnel");
    xml.element("NativeProtocolType", "IKEv2");
    authentication(xml, input);
    xml.open("CryptographySuite");
    WindowsSuite.of(input.ikev2().orElseThrow())
        .forEach(
            (name, word) ->
                xml.element(
                    name,
                    name.equals("EncryptionMethod") ? CSP_CIPHERS.getOrDefault(word, word) : word));
    xml.close();
    if (!input.everything()) {
      xml.element("DisableClassBasedDefaultRoute", "true");
    }
    xml.close();
    for (Cidr route : input.everything() ? List.<Cidr>of() : input.routes()) {
      String[] parts = route.toString().split("/", 2);
      xml.open("Route").element("Address", parts[0]).element("PrefixSize", parts[1]).close();
    }
    if (!input.dnsServers().isEmpty()) {
      for (Fqdn suffix : input.dnsSuffixes()) {
        xml.open("DomainNameInformation")
            .element("DomainName", "." + suffix.value())
            .element("DnsServers", String.join(",", input.dnsServers()))
            .close();
      }
    }
    return xml.close().finish();
  }

  private static void authentication(XmlText xml, PackageInput input) {
    xml.open("Authentication");
    if (input.withCertificate()) {
      xml.element("MachineMethod", "Certificate");
    } else {
      xml.element("UserMethod", "Eap");
      xml.open("Eap").open("Configuration");
      xml.open("EapHostConfig", "xmlns", EAP_HOST).open("EapMethod");
      xml.element("Type", EAP_MSCHAPV2, "xmlns", EAP_COMMON);
      for (String zero : new String[] {"VendorId", "VendorType", "AuthorId"}) {
        xml.element(zero, "0", "xmlns", EAP_COMMON);
      }
      xml.close();
      xml.open("Config", "xmlns", EAP_HOST).open("Eap", "xmlns", EAP_BASE);
      xml.element("Type", EAP_MSCHAPV2);
      xml.open("EapType", "xmlns", MSCHAPV2).element("UseWinLogonCredentials", "false").close();
      xml.close().close().close().close().close();
    }
    xml.close();
  }
}

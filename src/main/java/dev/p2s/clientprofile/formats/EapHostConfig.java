package dev.p2s.clientprofile.formats;

import dev.p2s.pki.Thumbprint;
import java.security.cert.X509Certificate;
import java.util.List;

/** How Windows is told an EAP method: the {@code EapHostConfig} of its own schemas. */
final class EapHostConfig {

  private static final String PROVISIONING = "http://www.microsoft.com/provisioning/";
  private static final String HOST = PROVISIONING + "EapHostConfig";
  private static final String COMMON = PROVISIONING + "EapCommon";
  private static final String BASE = PROVISIONING + "BaseEapConnectionPropertiesV1";
  private static final String MSCHAPV2 = PROVISIONING + "MsChapV2ConnectionPropertiesV1";
  private static final String TLS1 = PROVISIONING + "EapTlsConnectionPropertiesV1";
  private static final String TLS2 = PROVISIONING + "EapTlsConnectionPropertiesV2";
  private static final String TLS3 = PROVISIONING + "EapTlsConnectionPropertiesV3";

  private static final String EAP_TLS = "13";
  private static final String EAP_MSCHAPV2 = "26";

  private EapHostConfig() {}

  /** EAP-MSCHAPv2, with a name and a password that Windows asks for. */
  static void msChapV2(XmlText xml) {
    begin(xml, EAP_MSCHAPV2);
    xml.open("EapType", "xmlns", MSCHAPV2).element("UseWinLogonCredentials", "false").close();
    end(xml);
  }

  /**
   * EAP-TLS with a certificate of the person's own store, issued by the root where one is known;
   * the server has to be the gateway, of the gateway's authority.
   */
  static void tls(XmlText xml, PackageInput input) {
    begin(xml, EAP_TLS);
    xml.open("EapType", "xmlns", TLS1);
    ownStore(xml);
    xml.open("ServerValidation")
        .element("DisableUserPromptForServerValidation", "true")
        .element("ServerNames", input.server().name())
        .element("TrustedRootCA", spaced(input.server().authority()))
        .close();
    xml.element("DifferentUsername", "false");
    xml.element("PerformServerValidation", "true", "xmlns", TLS2);
    xml.element("AcceptServerName", "true", "xmlns", TLS2);
    input
        .login()
        .root()
        .ifPresent(
            root ->
                xml.open("TLSExtensions", "xmlns", TLS2)
                    .open("FilteringInfo", "xmlns", TLS3)
                    .open("CAHashList", "Enabled", "true")
                    .element("IssuerHash", spaced(root))
                    .close()
                    .close()
                    .close());
    xml.close();
    end(xml);
  }

  /**
   * EAP-TLS with a certificate of the person's own store, shown to servers whose certificates come
   * from these roots and no others.
   */
  static void tls(XmlText xml, List<X509Certificate> serverRoots) {
    begin(xml, EAP_TLS);
    xml.open("EapType", "xmlns", TLS1);
    ownStore(xml);
    xml.open("ServerValidation")
        .element("DisableUserPromptForServerValidation", "true")
        .element("ServerNames", "");
    serverRoots.forEach(root -> xml.element("TrustedRootCA", spaced(root)));
    xml.close();
    xml.element("DifferentUsername", "false");
    xml.element("PerformServerValidation", "true", "xmlns", TLS2);
    xml.element("AcceptServerName", "false", "xmlns", TLS2);
    xml.close();
    end(xml);
  }

  private static void ownStore(XmlText xml) {
    xml.open("CredentialsSource")
        .open("CertificateStore")
        .element("SimpleCertSelection", "true")
        .close()
        .close();
  }

  private static void begin(XmlText xml, String type) {
    xml.open("EapHostConfig", "xmlns", HOST).open("EapMethod");
    xml.element("Type", type, "xmlns", COMMON);
    for (String zero : new String[] {"VendorId", "VendorType", "AuthorId"}) {
      xml.element(zero, "0", "xmlns", COMMON);
    }
    xml.close();
    xml.open("Config", "xmlns", HOST).open("Eap", "xmlns", BASE);
    xml.element("Type", type);
  }

  private static void end(XmlText xml) {
    xml.close().close().close();
  }

  /** Windows writes a thumbprint in pairs of digits, with a space after each. */
  private static String spaced(X509Certificate certificate) {
    return Thumbprint.sha1(certificate).hex().replaceAll("..", "$0 ");
  }
}

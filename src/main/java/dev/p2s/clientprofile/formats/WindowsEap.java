package dev.p2s.clientprofile.formats;

import dev.p2s.pki.Thumbprint;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * {@code EapHostConfig}: which EAP method Windows speaks with the RADIUS servers, and by which
 * roots it knows them.
 */
final class WindowsEap {

  private static final String HOST = "http://www.microsoft.com/provisioning/EapHostConfig";
  private static final String COMMON = "http://www.microsoft.com/provisioning/EapCommon";
  private static final String BASE =
      "http://www.microsoft.com/provisioning/BaseEapConnectionPropertiesV1";
  private static final String MSCHAPV2 =
      "http://www.microsoft.com/provisioning/MsChapV2ConnectionPropertiesV1";
  private static final String TLS =
      "http://www.microsoft.com/provisioning/EapTlsConnectionPropertiesV1";
  private static final String TLS_2 =
      "http://www.microsoft.com/provisioning/EapTlsConnectionPropertiesV2";
  private static final String EAP_TLS = "13";
  private static final String EAP_MSCHAPV2 = "26";

  private WindowsEap() {}

  /** A name and a password. */
  static void passwords(XmlText xml) {
    head(xml, EAP_MSCHAPV2);
    xml.open("EapType", "xmlns", MSCHAPV2).element("UseWinLogonCredentials", "false").close();
    tail(xml);
  }

  /**
   * A certificate of the person's store.
   *
   * @param serverRoots the only ones that a server's certificate may come from
   */
  static void certificates(XmlText xml, List<X509Certificate> serverRoots) {
    head(xml, EAP_TLS);
    xml.open("EapType", "xmlns", TLS);
    xml.open("CredentialsSource").open("CertificateStore");
    xml.element("SimpleCertSelection", "true");
    xml.close().close();
    xml.open("ServerValidation");
    xml.element("DisableUserPromptForServerValidation", "true");
    xml.element("ServerNames", "");
    serverRoots.forEach(root -> xml.element("TrustedRootCA", spaced(root)));
    xml.close();
    xml.element("DifferentUsername", "false");
    xml.element("PerformServerValidation", "true", "xmlns", TLS_2);
    xml.element("AcceptServerName", "false", "xmlns", TLS_2);
    xml.close();
    tail(xml);
  }

  private static void head(XmlText xml, String method) {
    xml.open("EapHostConfig", "xmlns", HOST).open("EapMethod");
    xml.element("Type", method, "xmlns", COMMON);
    for (String zero : new String[] {"VendorId", "VendorType", "AuthorId"}) {
      xml.element(zero, "0", "xmlns", COMMON);
    }
    xml.close();
    xml.open("Config", "xmlns", HOST).open("Eap", "xmlns", BASE);
    xml.element("Type", method);
  }

  private static void tail(XmlText xml) {
    xml.close().close().close();
  }

  /** SHA-1 in pairs of digits, as Windows writes it. */
  private static String spaced(X509Certificate root) {
    return Thumbprint.sha1(root).hex().replaceAll("(..)(?=.)", "$1 ");
  }
}

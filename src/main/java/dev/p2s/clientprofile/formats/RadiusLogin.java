package dev.p2s.clientprofile.formats;

import dev.p2s.api.v1alpha1.RadiusSpec;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.openvpn.OpenVpnServer;
import dev.p2s.pki.Pem;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the people of a package log in at RADIUS servers.
 *
 * @param byCertificate whether they show the servers a certificate by EAP-TLS; else a password
 * @param serverRoots the roots of the servers' certificates; empty where nobody has named any
 * @param handWindowSeconds how long an OpenVPN client waits for its login
 */
public record RadiusLogin(
    boolean byCertificate, List<X509Certificate> serverRoots, int handWindowSeconds) {

  /** OpenVPN's own time for a login, which needs no word. */
  static final int USUAL_SECONDS = 60;

  /** What packages say nothing of. */
  public static final RadiusLogin USUAL = new RadiusLogin(false, List.of(), USUAL_SECONDS);

  public RadiusLogin {
    serverRoots = List.copyOf(serverRoots);
  }

  /** What a gateway says of its servers. */
  public static RadiusLogin of(GatewayState.Radius radius) {
    return new RadiusLogin(
        radius.method() == RadiusSpec.Method.Certificate,
        radius.serverRoots() == null ? List.of() : Pem.parseCertificates(radius.serverRoots()),
        OpenVpnServer.handWindow(radius));
  }

  /** The roots as files: Azure's name for the first, and numbers for those that follow. */
  Map<String, byte[]> files() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < serverRoots.size(); i++) {
      try {
        files.put(path(i), serverRoots.get(i).getEncoded());
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException(e);
      }
    }
    return files;
  }

  /** Their paths in the package, in order. */
  List<String> paths() {
    return List.copyOf(files().keySet());
  }

  private static String path(int index) {
    return "Generic/RadiusServerRoot.cer" + (index == 0 ? "" : "_" + index);
  }
}

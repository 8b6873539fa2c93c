package dev.p2s.clientprofile.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.dataplane.GoldenFile;
import dev.p2s.pki.Thumbprint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What packages say of RADIUS servers: their roots, EAP-TLS, and how long a login may take. */
class RadiusPackageTest {

  private static final X509Certificate ROOT = Ikev2PackageTest.authority();

  @Test
  void givenCertificatesOfTheServers_whenWritten_thenEachFileIsTheReviewedOne() throws IOException {
    Map<String, byte[]> files =
        render(true, new RadiusLogin(true, List.of(ROOT, ROOT), RadiusLogin.USUAL_SECONDS));

    assertThat(files)
        .containsOnlyKeys(
            "Generic/VpnSettings.xml",
            "Generic/VpnServerRoot.cer_0",
            "Generic/RadiusServerRoot.cer",
            "Generic/RadiusServerRoot.cer_1",
            "WindowsPowershell/VpnProfileSetup.ps1",
            "Windows/ProfileXML.xml",
            "strongSwan/swanctl.conf",
            "strongSwan/x509ca/gateway.pem",
            "strongSwan/x509ca/radius-0.pem",
            "strongSwan/x509ca/radius-1.pem",
            "README.txt");
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      if (!file.getKey().contains(".cer")) {
        GoldenFile.assertMatches(
            "packages/ikev2-radius-certificate/" + file.getKey(), text(file.getValue()));
      }
    }
  }

  @Test
  void givenTheServersRoots_whenWindowsIsTold_thenTheyAndNoOtherAreTrustedForEap()
      throws IOException {
    Map<String, byte[]> files =
        render(false, new RadiusLogin(true, List.of(ROOT), RadiusLogin.USUAL_SECONDS));
    String spaced = Thumbprint.sha1(ROOT).hex().replaceAll("..", "$0 ");

    for (String path : List.of("WindowsPowershell/VpnProfileSetup.ps1", "Windows/ProfileXML.xml")) {
      assertThat(text(files.get(path)))
          .contains("<TrustedRootCA>" + spaced + "</TrustedRootCA>")
          .contains("PerformServerValidation");
    }
  }

  @Test
  void givenPasswordsAndRoots_whenWritten_thenTheRootsGoToWhoCanUseThem() {
    Map<String, byte[]> files =
        render(true, new RadiusLogin(false, List.of(ROOT), RadiusLogin.USUAL_SECONDS));

    assertThat(files)
        .containsKeys(
            "Generic/RadiusServerRoot.cer",
            "strongSwan/x509ca/radius-0.pem",
            "OpenVPN/vpnconfig.ovpn",
            "Android/vpn.sswan");
    assertThat(text(files.get("Apple/vpn.mobileconfig")).split("com.apple.security.root", -1))
        .hasSize(3);
    assertThat(text(files.get("OpenVPN/vpnconfig.ovpn"))).doesNotContain("hand-window");
    assertThat(text(files.get("WindowsPowershell/VpnProfileSetup.ps1")))
        .contains("'Generic/RadiusServerRoot.cer'", "(New-EapConfiguration)");
  }

  @Test
  void givenLoginsThatTakeLong_whenWritten_thenOpenVpnWaitsAsLong() {
    assertThat(
            text(
                render(true, new RadiusLogin(false, List.of(), 105)).get("OpenVPN/vpnconfig.ovpn")))
        .contains("\ntls-timeout 30\nhand-window 105\ntls-version-min 1.2\n");
  }

  private static Map<String, byte[]> render(boolean openVpn, RadiusLogin login) {
    return ProfilePackage.render(
            PackageLogins.with(
                Ikev2PackageTest.input(AuthenticationType.RADIUS, openVpn, 443, Optional.empty()),
                new PackageLogin.AtRadius(login)))
        .files();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}

package dev.p2s.clientprofile.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import dev.p2s.clientprofile.formats.PackageLogin.IssuedPair;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.OpenVpnStaticKey;
import dev.p2s.pki.Pem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A stock openvpn reads what is handed out, as it is: it takes every directive, certificate and key
 * and dials. Nobody listens where it dials, so it ends there.
 */
class OpenVpnPackageNamespaceIT {

  private final SecureRandom random = new SecureRandom();
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(KeyKind.class)
  void givenAPackage_whenAStockClientReadsIt_thenItTakesItWholeAndDials(KeyKind kind)
      throws Exception {
    dials("alice@example.com", kind);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mallory\nscript-security 2\nup /tmp/evil",
        "</cert>\n<connection>\nremote evil.example 1194\n</connection>",
        "CN=root, O=\"x\"; $(reboot) `reboot` %n%n \\x00",
      })
  void givenAUserWhoseNameIsADirective_whenAStockClientReadsThePackage_thenItIsAName(String user)
      throws Exception {
    dials(user, KeyKind.EC_P256);
  }

  private void dials(String user, KeyKind kind) throws IOException, InterruptedException {
    int port = closedPort();
    String ovpn = ovpn(user, kind, port);
    assertThat(ovpn).doesNotContain("evil", "reboot");
    Files.writeString(directory.resolve("vpnconfig.ovpn"), ovpn);
    Process openvpn =
        new ProcessBuilder("openvpn", "--config", "vpnconfig.ovpn", "--connect-retry-max", "1")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    try {
      String said = new String(openvpn.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(openvpn.waitFor(30, TimeUnit.SECONDS)).isTrue();
      String log = said + Files.readString(directory.resolve("openvpn.log"));
      assertThat(log)
          .contains("Attempting to establish TCP connection with [AF_INET]127.0.0.1:" + port)
          .contains("All connections have been connect-retry-max (1) times unsuccessful")
          .doesNotContain("Options error", "DEPRECATED", "Unrecognized", "evil");
    } finally {
      openvpn.destroyForcibly();
    }
  }

  private String ovpn(String user, KeyKind kind, int port) {
    Instant now = Instant.now();
    CertificateAuthority root =
        CertificateAuthority.selfSigned("root", kind, Duration.ofDays(2), now, random);
    CertificateAuthority.Leaf leaf = root.issueClient(user, kind, Duration.ofDays(1), now, random);
    PackageInput input =
        new PackageInput(
            "alice",
            "office",
            new PackageInput.Server("127.0.0.1", port, "office.vpn.p2s", root.certificate()),
            new PackageInput.Network(
                List.of(Cidr.parse("10.96.0.0/12")),
                List.of(Cidr.parse("172.31.200.0/24")),
                List.of(),
                List.of()),
            new PackageLogin.ByCertificate(
                Optional.of(root.certificate()),
                Optional.of(
                    new IssuedPair(Pem.certificate(leaf.certificate()), Pem.key(leaf.key())))),
            Optional.of(new PackageInput.OpenVpn(OpenVpnStaticKey.generate(random))),
            Optional.empty(),
            false);
    return new String(
        ProfilePackage.render(input).files().get("OpenVPN/vpnconfig.ovpn"), StandardCharsets.UTF_8);
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

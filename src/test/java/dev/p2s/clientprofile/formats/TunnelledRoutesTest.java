package dev.p2s.clientprofile.formats;

import static dev.p2s.clientprofile.formats.Ikev2PackageTest.input;
import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.GoldenFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the formats say of what takes the tunnel. */
class TunnelledRoutesTest {

  @Test
  void givenAForcedTunnel_whenWritten_thenEachFormatSaysThatEverythingTakesIt() throws IOException {
    Map<String, byte[]> files =
        ProfilePackage.render(
                taking(
                    GatewayState.EVERYTHING,
                    List.of(Cidr.parse("172.31.200.0/24")),
                    input(AuthenticationType.RADIUS, true, 443, Optional.empty())))
            .files();

    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      if (!file.getKey().endsWith(".cer_0") && !file.getKey().endsWith(".pem")) {
        GoldenFile.assertMatches(
            "packages/ikev2-forced/" + file.getKey(),
            new String(file.getValue(), StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void givenAnIpv6Route_whenWritten_thenEachFormatHasIt() {
    PackageInput input = input(true, 443, Optional.empty());
    PackageInput dualStack =
        taking(
            List.of(Cidr.parse("10.96.0.0/12"), Cidr.parse("fd00:96::/108")),
            List.of(Cidr.parse("172.31.200.0/24"), Cidr.parse("fd50:1::/112")),
            input);

    Map<String, byte[]> files = ProfilePackage.render(dualStack).files();

    Map<String, String> expected =
        Map.of(
            "strongSwan/swanctl.conf", "remote_ts = 10.96.0.0/12,fd00:96::/108",
            "NetworkManager/office.nmconnection", "remote-ts=10.96.0.0/12;fd00:96::/108",
            "WindowsPowershell/VpnProfileSetup.ps1", "@('10.96.0.0/12', 'fd00:96::/108')",
            "Windows/ProfileXML.xml", "<Address>fd00:96::</Address>",
            "AzureVPN/azurevpnconfig.xml", "<destination>fd00:96::</destination>",
            "Generic/VpnSettings.xml",
                "<VpnClientAddressPool>172.31.200.0/24,fd50:1::/112</VpnClientAddressPool>");
    expected.forEach(
        (path, text) ->
            assertThat(new String(files.get(path), StandardCharsets.UTF_8))
                .as(path)
                .contains(text));
    assertThat(new String(files.get("strongSwan/swanctl.conf"), StandardCharsets.UTF_8))
        .contains("vips = 0.0.0.0, ::");
  }

  private static PackageInput taking(List<Cidr> routes, List<Cidr> pools, PackageInput input) {
    return PackageLogins.reaching(
        input,
        new PackageInput.Network(
            routes, pools, input.network().dnsServers(), input.network().dnsSuffixes()));
  }
}

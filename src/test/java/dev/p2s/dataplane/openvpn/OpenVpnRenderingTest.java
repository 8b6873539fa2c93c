package dev.p2s.dataplane.openvpn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.Fqdn;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.GoldenFile;
import dev.p2s.dataplane.States;
import dev.p2s.dataplane.TokenIssuer;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenVpnRenderingTest {

  private static final ServerFiles FILES = new ServerFiles(Path.of("/run/p2s"), "0123456789abcdef");

  @Test
  void givenASlot_whenServerIsRendered_thenAsReviewed() throws IOException {
    GoldenFile.assertMatches(
        "openvpn/server.conf",
        ServerConfiguration.render(
            server(openVpn(List.of("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"), 1500)),
            FILES,
            new ProcessSlot(3)));
  }

  @Test
  void givenALoginPage_whenServerIsRendered_thenWhatIsNoOpenVpnIsPassedOnToIt() {
    OpenVpnServer server =
        OpenVpnServer.of(
            States.gateway()
                .tokenIssuer(
                    new TokenIssuer(
                        AuthenticationType.OIDC,
                        "https://id.example",
                        "https://id.example/.well-known/openid-configuration",
                        "vpn",
                        null,
                        List.of("RS256"),
                        List.of("sub"),
                        "groups",
                        List.of(),
                        null,
                        new TokenIssuer.WebLogin("https://vpn.example", "vpn", List.of("openid"))))
                .build());

    assertThat(ServerConfiguration.render(server, FILES, new ProcessSlot(3)))
        .endsWith("\nverb 1\nport-share 127.0.0.1 9444\n");
  }

  @Test
  void givenEverySuiteOfTheSeed_whenRendered_thenNoLineOfTheConfigurationIsTooLong() {
    OpenVpnServer server =
        server(
            openVpn(
                java.util.Collections.nCopies(12, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"),
                1500));

    assertThat(ServerConfiguration.render(server, FILES, new ProcessSlot(127)).lines())
        .allMatch(line -> line.length() < 256);
    assertThat(ServerConfiguration.tlsCipher(server))
        .startsWith("TLS-ECDHE-ECDSA-WITH-AES-256-CBC-SHA384:TLS-");
  }

  @Test
  void givenDnsAndANarrowTunnel_whenClientIsAnswered_thenAsReviewed() throws IOException {
    GatewayState state =
        state(
            List.of("10.96.0.0/12", "10.244.0.0/16"),
            new GatewayState.Dns(
                List.of("10.96.0.10", "fd00::a"),
                List.of(Fqdn.parse("svc.cluster.local"), Fqdn.parse("example.org"))),
            1400);

    GoldenFile.assertMatches(
        "openvpn/client-settings.txt", String.join("\n", settings(state)) + "\n");
  }

  @Test
  void givenADefaultRoute_whenClientIsAnswered_thenItsWayToTheGatewayStaysOutside() {
    assertThat(settings(state(List.of("0.0.0.0/0"), null, 1500)))
        .contains("push \"redirect-gateway def1\"")
        .noneMatch(line -> line.contains("route 0.0.0.0"));
  }

  @Test
  void givenAForcedTunnel_whenClientIsAnswered_thenNothingGoesBesideIt() throws IOException {
    GatewayState.Dns dns =
        new GatewayState.Dns(List.of("10.96.0.10"), List.of(Fqdn.parse("cluster.local")));
    GatewayState state =
        States.gateway()
            .routes("10.0.0.0/8")
            .dns(dns)
            .openVpn(openVpn(List.of(), 1400))
            .forced()
            .build();

    GoldenFile.assertMatches(
        "openvpn/client-settings-forced.txt", String.join("\n", settings(state)) + "\n");
  }

  @Test
  void givenAnIpv6Pool_whenClientIsAnswered_thenItHasBothAddressesAndRoutesOfBoth()
      throws IOException {
    States gateway =
        States.gateway()
            .pools("10.8.0.0/24", "fd00:1::/112")
            .routes("10.96.0.0/12", "fd00:96::/108")
            .openVpn(openVpn(List.of(), 1400));

    GoldenFile.assertMatches(
        "openvpn/client-settings-dual-stack.txt",
        String.join("\n", settings(gateway.build())) + "\n");
    assertThat(settings(gateway.forced().build()))
        .contains("push \"redirect-gateway def1\"", "push \"redirect-gateway ipv6\"")
        .noneMatch(line -> line.contains("block-ipv6") || line.contains("push \"ifconfig-ipv6"));
  }

  @Property
  void givenAnyText_whenUsedAsACipherName_thenItNeverAddsALine(@ForAll String text) {
    GatewayState.OpenVpn state =
        new GatewayState.OpenVpn(1, "1.2", List.of(text), List.of(text), 10, 60, 1500);
    try {
      String rendered = ServerConfiguration.render(server(state), FILES, new ProcessSlot(0));
      assertThat(rendered.lines().count()).isEqualTo(35);
      assertThat(text).matches("[A-Z0-9_-]+");
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageStartingWith("openVpn.");
    }
  }

  @Test
  void givenACipherNameThatSmugglesADirective_whenServerIsMade_thenTheFieldIsNamed() {
    assertThatThrownBy(
            () ->
                server(
                    new GatewayState.OpenVpn(
                        1, "1.2", List.of(), List.of("AES-256-GCM\nup /bin/sh"), 10, 60, 1500)))
        .hasMessageContaining("openVpn.dataCiphers");
  }

  @ParameterizedTest
  @CsvSource({
    "Certificate, require",
    "Certificate RADIUS, optional",
    "Certificate EntraID RADIUS, optional",
    "RADIUS, none",
    "EntraID RADIUS, none"
  })
  void givenMethods_whenServerIsRendered_thenItAsksForCertificatesOnlyWhereTheyCount(
      String methods, String expected) {
    GatewayState state =
        States.gateway()
            .authentications(
                Stream.of(methods.split(" "))
                    .map(AuthenticationType::valueOf)
                    .toArray(AuthenticationType[]::new))
            .build();

    assertThat(
            ServerConfiguration.render(OpenVpnServer.of(state), FILES, new ProcessSlot(0)).lines())
        .contains("verify-client-cert " + expected);
  }

  private static OpenVpnServer server(GatewayState.OpenVpn openVpn) {
    return OpenVpnServer.of(States.gateway().openVpn(openVpn).build());
  }

  private static List<String> settings(GatewayState state) {
    return ClientSettings.render(
        state,
        state.routesOf(null),
        TunnelAddress.parse("10.8.0.5"),
        Cidr.parse("10.8.0.0/24"),
        TunnelAddress.parse("10.8.0.1"));
  }

  private static GatewayState state(List<String> routes, GatewayState.Dns dns, int mtu) {
    return States.gateway()
        .routes(routes.toArray(String[]::new))
        .dns(dns)
        .openVpn(openVpn(List.of(), mtu))
        .build();
  }

  private static GatewayState.OpenVpn openVpn(List<String> suites, int mtu) {
    return new GatewayState.OpenVpn(
        2, "1.2", suites, List.of("AES-256-GCM", "AES-128-GCM"), 10, 60, mtu);
  }
}

package dev.p2s.dataplane.ikev2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2s.addressing.Fqdn;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.catalog.IkePolicy;
import dev.p2s.catalog.IpsecPolicy;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.GoldenFile;
import dev.p2s.dataplane.States;
import dev.p2s.dataplane.ikev2.ViciSection.Inner;
import dev.p2s.dataplane.ikev2.ViciSection.Items;
import dev.p2s.dataplane.ikev2.ViciSection.Scalar;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class Ikev2ServerTest {

  private static final GatewayState STATE =
      States.gateway()
          .pools("10.8.0.0/24")
          .routes("10.96.0.0/16", "10.244.0.0/16")
          .dns(new GatewayState.Dns(List.of("10.96.0.10"), List.of(new Fqdn("cluster.local"))))
          .ikev2(new GatewayState.Ikev2(IkePolicy.all(), IpsecPolicy.all(), 27_000, 33_553_408))
          .build();

  @Test
  void givenTheDefaults_whenRendered_thenTheSeedsRowsStandInTheirOrder() throws IOException {
    GoldenFile.assertMatches(
        "ikev2/default-userspace.conf", shown(connections(STATE, EspPlace.USERSPACE)));
  }

  @Test
  void givenAKernelWithEsp_whenRendered_thenTunnelsGoThroughItsDevice() throws IOException {
    GoldenFile.assertMatches(
        "ikev2/default-kernel.conf", shown(connections(STATE, EspPlace.KERNEL)));
  }

  @Test
  void givenHardenedRows_whenRendered_thenNothingWeakIsLeft() throws IOException {
    GatewayState hardened =
        States.gateway()
            .routes("10.96.0.0/16")
            .ikev2(
                new GatewayState.Ikev2(
                    IkePolicy.hardened(), IpsecPolicy.hardened(), 3_600, 102_400))
            .build();

    String shown = shown(connections(hardened, EspPlace.USERSPACE));

    assertThat(shown).doesNotContain("modp1024", "modp2048s256", "sha1");
    GoldenFile.assertMatches("ikev2/hardened.conf", shown);
  }

  @Test
  void givenAForcedTunnel_whenRendered_thenItTakesEverythingAndIpv6EndsInIt() throws IOException {
    GatewayState forced =
        States.gateway()
            .routes("10.0.0.0/8")
            .authentications(AuthenticationType.Certificate, AuthenticationType.RADIUS)
            .ikev2(
                new GatewayState.Ikev2(
                    IkePolicy.hardened(), IpsecPolicy.hardened(), 3_600, 102_400))
            .forced()
            .build();

    GoldenFile.assertMatches(
        "ikev2/forced.conf",
        shown(connections(forced, EspPlace.KERNEL))
            + shown(Ikev2Server.pool(forced, "a7", TunnelAddress.parse("10.8.0.9")))
            + shown(Ikev2Server.ipv6Block()));
  }

  @Test
  void givenAnIpv6Pool_whenRendered_thenEachAddressHasOneBesideIt() throws IOException {
    GatewayState dualStack =
        States.gateway()
            .pools("10.8.0.0/24", "fd00:1::/112")
            .routes("10.96.0.0/16", "fd00:96::/108")
            .dns(new GatewayState.Dns(List.of("10.96.0.10", "fd00:96::a"), List.of()))
            .ikev2(
                new GatewayState.Ikev2(
                    IkePolicy.hardened(), IpsecPolicy.hardened(), 3_600, 102_400))
            .build();

    GoldenFile.assertMatches(
        "ikev2/dual-stack.conf",
        shown(connections(dualStack, EspPlace.KERNEL))
            + shown(Ikev2Server.pool(dualStack, "a7", TunnelAddress.parse("10.8.0.9")))
            + shown(Ikev2Server.ipv6Pool("a7", TunnelAddress.parse("fd00:1::9"))));
  }

  @Test
  void givenAnAddress_whenRendered_thenItsPoolTellsResolversAndRoutes() throws IOException {
    GoldenFile.assertMatches(
        "ikev2/pool.conf", shown(Ikev2Server.pool(STATE, "a7", TunnelAddress.parse("10.8.0.9"))));
  }

  @Test
  void givenPeopleWithRadiusLogins_whenRendered_thenTheAgentIsAskedAndGivesAddresses()
      throws IOException {
    GatewayState radius =
        States.gateway()
            .routes("10.96.0.0/16")
            .authentications(AuthenticationType.EntraID, AuthenticationType.RADIUS)
            .ikev2(new GatewayState.Ikev2(IkePolicy.all(), IpsecPolicy.all(), 27_000, 33_553_408))
            .build();

    GoldenFile.assertMatches(
        "ikev2/radius.conf",
        shown(connections(radius, EspPlace.USERSPACE)) + shown(Ikev2Server.told(STATE)));
  }

  @Test
  void givenARoot_whenRendered_thenCharonAsksTheAgentAboutItsClients() throws IOException {
    GoldenFile.assertMatches(
        "ikev2/authority.conf",
        shown(
            Ikev2Server.authority(
                new GatewayState.TrustedRoot("office", "ab".repeat(32), "PEM"),
                "http://127.0.0.1:9560/")));
  }

  @Test
  void givenAWordThatNoPolicyHas_whenRendered_thenItIsRefusedByName() {
    assertThatThrownBy(
            () -> Proposals.ike(List.of(new IkePolicy("DES", "SHA256", "SHA256", "GROUP_14"))))
        .hasMessage("ikev2: DES is in no policy that is served");
  }

  private static ViciSection connections(GatewayState state, EspPlace place) {
    return Ikev2Server.connections(
        state, place, new Fqdn("gw.default.p2s"), "PEM", List.of("a0", "a1"));
  }

  /** As swanctl.conf would have it. */
  private static String shown(ViciSection section) {
    StringBuilder text = new StringBuilder();
    show(section, "", text);
    return text.toString();
  }

  private static void show(ViciSection section, String indent, StringBuilder text) {
    section
        .entries()
        .forEach(
            (name, value) -> {
              switch (value) {
                case Scalar(String octets) -> text.append(indent + name + " = " + octets + "\n");
                case Items(List<String> items) ->
                    text.append(indent + name + " = " + String.join(",", items) + "\n");
                case Inner(ViciSection inner) -> {
                  text.append(indent + name + " {\n");
                  show(inner, indent + "  ", text);
                  text.append(indent + "}\n");
                }
              }
            });
  }
}

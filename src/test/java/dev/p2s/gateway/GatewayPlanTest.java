package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.P2SGatewaySpec.Exposure;
import dev.p2s.dataplane.GoldenFile;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Sysctl;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GatewayPlanTest {

  private static final DataPlaneImages IMAGES =
      new DataPlaneImages(
          "p2s.dev/operator:1", "p2s.dev/openvpn:1", "p2s.dev/strongswan:1", "IfNotPresent");

  @ParameterizedTest
  @EnumSource(Exposure.Type.class)
  void givenAnExposure_whenPlanned_thenTheObjectsAreTheReviewedOnes(Exposure.Type exposure)
      throws IOException {
    GoldenFile.assertMatches(
        "gateway-plan/" + exposure.name().toLowerCase(Locale.ROOT) + ".yaml",
        plan(exposure).stream().map(Serialization::asYaml).collect(Collectors.joining()));
  }

  @Test
  void givenAGateway_whenPlanned_thenOneContainerHasOneCapabilityAndTheOthersNone() {
    List<Container> containers =
        plan(Exposure.Type.HostPort).stream()
            .filter(StatefulSet.class::isInstance)
            .map(set -> ((StatefulSet) set).getSpec().getTemplate().getSpec())
            .flatMap(
                pod ->
                    Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream()))
            .toList();
    assertThat(containers)
        .extracting(Container::getName)
        .containsExactly("netd", "openvpn", "agent");
    assertThat(containers)
        .allSatisfy(
            container -> {
              assertThat(container.getSecurityContext().getPrivileged()).isNull();
              assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
              assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
              assertThat(container.getSecurityContext().getCapabilities().getDrop())
                  .containsExactly("ALL");
            });
    assertThat(containers)
        .filteredOn(c -> !c.getSecurityContext().getCapabilities().getAdd().isEmpty())
        .singleElement()
        .satisfies(
            netd -> {
              assertThat(netd.getName()).isEqualTo("netd");
              assertThat(netd.getSecurityContext().getCapabilities().getAdd())
                  .containsExactly("NET_ADMIN");
            });
  }

  @Test
  void givenRadiusServers_whenPlanned_thenTheyAndNobodyElseMayAskForDisconnects() {
    List<HasMetadata> planned =
        new GatewayPlan(Gateways.officeWithRadius(Exposure.Type.HostPort), IMAGES).resources();

    assertThat(yaml(planned, NetworkPolicy.class))
        .contains(
            """
              - from:
                - ipBlock:
                    cidr: "10.1.0.4/32"
                - ipBlock:
                    cidr: "2001:db8:0:0:0:0:0:4/128"
                ports:
                - port: 3799
                  protocol: "UDP"
            """
                .indent(0));
    assertThat(yaml(planned, StatefulSet.class))
        .contains(
            "- containerPort: 3799\n          hostPort: 3799\n          name: \"disconnect\"");
    assertThat(
            yaml(
                new GatewayPlan(Gateways.officeWithRadius(Exposure.Type.LoadBalancer), IMAGES)
                    .resources(),
                StatefulSet.class))
        .contains("containerPort: 3799")
        .doesNotContain("hostPort");
  }

  private static String yaml(List<HasMetadata> planned, Class<? extends HasMetadata> kind) {
    return planned.stream()
        .filter(kind::isInstance)
        .map(Serialization::asYaml)
        .collect(Collectors.joining());
  }

  @ParameterizedTest
  @EnumSource(
      value = Exposure.Type.class,
      names = {"HostPort", "LoadBalancer"})
  void givenIkev2_whenPlanned_thenCharonIsBesideWithItsPorts(Exposure.Type exposure)
      throws IOException {
    GoldenFile.assertMatches(
        "gateway-plan/ikev2-" + exposure.name().toLowerCase(Locale.ROOT) + ".yaml",
        new GatewayPlan(Gateways.officeWithIkev2(exposure), IMAGES)
            .resources().stream().map(Serialization::asYaml).collect(Collectors.joining()));
  }

  @ParameterizedTest
  @EnumSource(
      value = Exposure.Type.class,
      names = {"HostPort", "LoadBalancer"})
  void givenSstp_whenPlanned_thenItsEndpointIsBesideWithoutACapability(Exposure.Type exposure)
      throws IOException {
    GoldenFile.assertMatches(
        "gateway-plan/sstp-" + exposure.name().toLowerCase(Locale.ROOT) + ".yaml",
        new GatewayPlan(Gateways.officeWithIkev2AndSstp(exposure), IMAGES)
            .resources().stream().map(Serialization::asYaml).collect(Collectors.joining()));
  }

  @Test
  void givenAnIpv6Pool_whenPlanned_thenThePodAsksForForwarding() {
    assertThat(sysctls(Gateways.office(Exposure.Type.HostPort))).isEmpty();
    assertThat(
            sysctls(
                Gateways.withPools(
                    Gateways.office(Exposure.Type.HostPort), "172.31.200.0/24", "fd50:1::/112")))
        .containsExactly(new Sysctl("net.ipv6.conf.all.forwarding", "1"));
  }

  private static List<Sysctl> sysctls(ResolvedGateway gateway) {
    return new GatewayPods(gateway, IMAGES)
        .statefulSet()
        .getSpec()
        .getTemplate()
        .getSpec()
        .getSecurityContext()
        .getSysctls();
  }

  @Test
  void givenTheSameGateway_whenPlannedTwice_thenThePlansAreEqual() {
    assertThat(plan(Exposure.Type.LoadBalancer)).isEqualTo(plan(Exposure.Type.LoadBalancer));
  }

  private static List<HasMetadata> plan(Exposure.Type exposure) {
    return new GatewayPlan(Gateways.office(exposure), IMAGES).resources();
  }
}

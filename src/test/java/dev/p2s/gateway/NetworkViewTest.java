package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import dev.p2s.api.v1alpha1.P2SGatewaySpec.Exposure;
import dev.p2s.api.v1alpha1.P2SGatewayStatus.ReturnRoute;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.Holding;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NetworkViewTest {

  private final ResolvedGateway masqueraded = Gateways.office(Exposure.Type.HostPort);
  private final ResolvedGateway routed = Gateways.routed(masqueraded);

  @Test
  void givenAClientThatTookItsAddressAlong_whenAsked_thenItIsBehindTheOtherPod() {
    Map<String, AgentReport> reports =
        Map.of(
            "office-0", report("office-0", "172.31.200.0/25", "172.31.200.200/32"),
            "office-1", report("office-1", "172.31.200.201/32"));

    assertThat(NetworkView.of(routed, pods(), reports).returnRoutes())
        .containsExactly(
            new ReturnRoute("172.31.200.0/25", "10.244.0.10"),
            new ReturnRoute("172.31.200.200/32", "10.244.0.10"),
            new ReturnRoute("172.31.200.201/32", "10.244.0.11"));
  }

  @Test
  void givenSstpBesideTheOthers_whenAsked_thenItsHalfIsThereToo() {
    AgentReport both =
        AgentReport.of("office-0")
            .held(holding("172.31.200.0/25"), false)
            .sstp(new AgentReport.Use(holding("172.31.200.128/25"), false))
            .build();

    assertThat(NetworkView.of(routed, pods(), Map.of("office-0", both)).returnRoutes())
        .containsExactly(
            new ReturnRoute("172.31.200.0/25", "10.244.0.10"),
            new ReturnRoute("172.31.200.128/25", "10.244.0.10"));
  }

  @Test
  void givenMasqueradedTraffic_whenAsked_thenPodsAndNodesAreSeenAndNoRouteIsNeeded() {
    NetworkView view = NetworkView.of(masqueraded, pods(), Map.of());

    assertThat(view.egressAddresses()).containsExactly("10.244.0.10", "10.244.0.11", "192.0.2.1");
    assertThat(view.returnRoutes()).isNull();
  }

  private static AgentReport report(String pod, String... blocks) {
    return AgentReport.of(pod).held(holding(blocks), false).build();
  }

  private static Holding holding(String... blocks) {
    return new Holding(10, Stream.of(blocks).map(Cidr::parse).toList());
  }

  private static List<Pod> pods() {
    return Stream.of(0, 1)
        .map(
            ordinal ->
                new PodBuilder()
                    .withNewMetadata()
                    .withName("office-" + ordinal)
                    .endMetadata()
                    .withNewStatus()
                    .withPodIP("10.244.0.1" + ordinal)
                    .withHostIP("192.0.2.1")
                    .addNewPodIP("10.244.0.1" + ordinal)
                    .endStatus()
                    .build())
        .toList();
  }
}

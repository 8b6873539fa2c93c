package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.P2SGatewaySpec.Exposure;
import dev.p2s.dataplane.GoldenFile;
import dev.p2s.dataplane.ServingReplica;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** An address for each replica. */
class ReplicaServicesTest {

  private static final ResolvedGateway PER_REPLICA =
      Gateways.officeWithIkev2(Exposure.Type.LoadBalancer, Exposure.Balancing.PerReplica)
          .withReplicas(2);

  @Test
  void givenTwoReplicas_whenPlanned_thenEachHasAServiceAndNoneStandsBeforeBoth()
      throws IOException {
    GoldenFile.assertMatches(
        "gateway-plan/per-replica.yaml",
        plan(PER_REPLICA).wanted().stream()
            .map(Serialization::asYaml)
            .collect(Collectors.joining()));
    assertThat(GatewayPlan.hasFrontService(PER_REPLICA)).isFalse();
  }

  @Test
  void givenScaledDown_whenThePodStillLeaves_thenItsServiceStaysUntilItHasGone() {
    List<Service> there = plan(PER_REPLICA).wanted();
    ResolvedGateway one = PER_REPLICA.withReplicas(1);

    assertThat(ReplicaServices.plan(one, List.of(Pods.evicted(1, "n")), there).obsolete())
        .isEmpty();
    assertThat(ReplicaServices.plan(one, List.of(Pods.ready(0, "n")), there).obsolete())
        .extracting(service -> service.getMetadata().getName())
        .containsExactly("office-replica-1");
  }

  @Test
  void givenASharedAddressAgain_whenPlanned_thenTheyAllGo() {
    ResolvedGateway shared = Gateways.officeWithIkev2(Exposure.Type.LoadBalancer);
    ReplicaServices plan =
        ReplicaServices.plan(shared, List.of(Pods.ready(0, "n")), plan(PER_REPLICA).wanted());
    assertThat(plan.wanted()).isEmpty();
    assertThat(plan.obsolete()).hasSize(2);
  }

  @Test
  void givenAddressesThatTheLoadBalancerGave_thenStatusAndAgentsAreToldThem() {
    List<Service> there =
        plan(PER_REPLICA).wanted().stream()
            .map(
                service ->
                    addressed(service, "198.51.100.1" + service.getMetadata().getName().charAt(15)))
            .toList();

    assertThat(plan(PER_REPLICA).addresses(PER_REPLICA, there))
        .containsExactly("198.51.100.10", "198.51.100.11");
    assertThat(
            ServingReplicas.of(
                PER_REPLICA, List.of(Pods.ready(0, "n"), Pods.starting(1, "n")), there))
        .containsExactly(new ServingReplica(0, "198.51.100.10"));
  }

  @Test
  void givenHostPorts_thenAReplicasAddressIsItsNodes() {
    assertThat(
            ServingReplicas.of(
                Gateways.officeWithIkev2(Exposure.Type.HostPort),
                List.of(Pods.ready(1, "n")),
                List.of()))
        .containsExactly(new ServingReplica(1, "192.0.2.1"));
  }

  private static ReplicaServices plan(ResolvedGateway gateway) {
    return ReplicaServices.plan(gateway, List.of(), List.of());
  }

  private static Service addressed(Service service, String address) {
    return new ServiceBuilder(service)
        .withNewStatus()
        .withNewLoadBalancer()
        .addNewIngress()
        .withIp(address)
        .endIngress()
        .endLoadBalancer()
        .endStatus()
        .build();
  }
}

package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.P2SGatewaySpec.Exposure;
import dev.p2s.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a gateway of a zone-redundant SKU says of its zones. */
class ZoneStatusTest {

  private static final ClusterNodes TWO_ZONES =
      new ClusterNodes(
          List.of(
              new ClusterNodes.One("n1", "zone-a", false),
              new ClusterNodes.One("n2", "zone-b", false)));

  @Test
  void givenReplicasInTwoZones_thenItIsZoneRedundant() {
    Condition told = told(2, TWO_ZONES, Pods.ready(0, "n1"), Pods.ready(1, "n2"));
    assertThat(told.getStatus()).isEqualTo("True");
    assertThat(told.getMessage()).isEqualTo("replicas run in zone-a, zone-b");
  }

  @Test
  void givenBothInOneZone_thenItSaysWhereTheyAreAndWhatThereIs() {
    Condition told = told(2, TWO_ZONES, Pods.ready(0, "n1"), Pods.ready(1, "n1"));
    assertThat(told.getStatus()).isEqualTo("False");
    assertThat(told.getReason()).isEqualTo("OneZoneUsed");
    assertThat(told.getMessage()).contains("all replicas run in zone-a", "zone-a, zone-b");
  }

  @Test
  void givenOneReplica_thenItSaysToScale() {
    assertThat(told(1, TWO_ZONES, Pods.ready(0, "n1")).getReason()).isEqualTo("OneReplica");
  }

  @Test
  void givenAClusterOfOneZoneOrOfNodesWithoutALabel_thenItSaysSo() {
    ClusterNodes one = new ClusterNodes(List.of(new ClusterNodes.One("n1", "zone-a", false)));
    assertThat(told(2, one, Pods.ready(0, "n1")).getMessage())
        .isEqualTo("the cluster has one zone, zone-a");
    ClusterNodes none = new ClusterNodes(List.of(new ClusterNodes.One("n1", "", false)));
    assertThat(told(2, none, Pods.ready(0, "n1")).getReason()).isEqualTo("ClusterHasOneZone");
  }

  @Test
  void givenNodesThatMayNotBeRead_thenNothingIsSaid() {
    assertThat(conditions(2, ClusterNodes.UNKNOWN, Pods.ready(0, "n1"))).isEmpty();
  }

  private static Condition told(int replicas, ClusterNodes nodes, Pod... pods) {
    return conditions(replicas, nodes, pods).getFirst();
  }

  private static List<Condition> conditions(int replicas, ClusterNodes nodes, Pod... pods) {
    Conditions conditions = new Conditions(null, 1, Instant.EPOCH);
    ZoneStatus.tell(
        conditions,
        Gateways.office(Exposure.Type.LoadBalancer).withReplicas(replicas),
        List.of(pods),
        nodes);
    return conditions.list();
  }
}

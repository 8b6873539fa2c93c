package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The seed's 250 connections of a VpnGw1AZ over two replicas on two nodes, with 260 stock OpenVPN
 * clients that dial at once. Time budget: 2 min beside the cluster.
 */
class LimitClusterIT {

  private static final String NAMESPACE = "limit";
  private static final int LIMIT = 250;

  private static final String SPEC =
      """
      clientAddressPools: [172.31.216.0/23]
      exposure: {type: NodePort, nodePort: 30945, address: %s}
      openVpn: {processes: 2}
      scaling: {replicas: 2}
      """;

  private static TwoNodes nodes;
  private static List<ManyClients> crowds = List.of();

  @BeforeAll
  static void aGatewayOfTwoReplicas() {
    nodes = TwoNodes.shared();
    nodes.cluster().namespace(NAMESPACE, "privileged");
    nodes
        .installation()
        .applyText(
            CarolsGateway.manifests(
                NAMESPACE, "full", SPEC.formatted(nodes.cluster().nodeAddress())));
    nodes.installation().awaitReady(NAMESPACE, "full");
  }

  @AfterAll
  static void everybodyGoes() {
    crowds.forEach(ManyClients::close);
    if (nodes != null) {
      nodes.cluster().kubectl("delete", "namespace", NAMESPACE, "--wait=false");
    }
  }

  @Test
  void givenRoomFor250_when260DialTwoReplicasAtOnce_thenExactly250AreInAndNeverMore() {
    String ovpn = nodes.installation().ovpn(NAMESPACE, CarolsGateway.PERSON);
    crowds = List.of(new ManyClients(130), new ManyClients(130));
    final long begin = System.nanoTime();
    crowds.forEach(crowd -> crowd.dial(ovpn));

    try {
      Awaitility.await("all that the gateway allows")
          .atMost(Duration.ofMinutes(3))
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> notMore(sessions()) == LIMIT);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(sessions() + " are in\n" + nodes.cluster().diagnose(NAMESPACE), e);
    }
    Progress.say(
        "260 stock clients dialled two replicas: 250 in after %.0f s, %d on full-0, %d on full-1",
        (System.nanoTime() - begin) / 1e9, sessions("full-0"), sessions("full-1"));
    Awaitility.await("nobody above the limit")
        .during(Duration.ofSeconds(15))
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> notMore(sessions()) == LIMIT);
    assertThat(crowds.stream().mapToInt(ManyClients::running).sum())
        .as("clients that go on trying")
        .isEqualTo(260);
  }

  private static int notMore(int sessions) {
    assertThat(sessions).isLessThanOrEqualTo(LIMIT);
    return sessions;
  }

  private static int sessions() {
    return sessions("full-0") + sessions("full-1");
  }

  private static int sessions(String pod) {
    return nodes.installation().sessionsAt(NAMESPACE, pod);
  }
}

package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.cluster.InnerConnection.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A gateway of two pods whose traffic leaves with clients' own addresses, in a network that follows
 * its status: connections inside the tunnel go on while clients move. Time budget: 4 minutes.
 */
@TestMethodOrder(OrderAnnotation.class)
class RoutedClusterIT {

  private static final String NAMESPACE = "routed";
  private static final int CLIENTS = 6;

  private static final String SPEC =
      """
      sku: {custom: {connections: 20}}
      clientAddressPools: [172.31.212.0/24]
      routes: {include: [%s/32], snat: false}
      exposure: {type: NodePort, nodePort: 30947}
      openVpn: {processes: 1}
      scaling: {replicas: 2}
      """;

  private static Office office;
  private static TestCluster cluster;
  private static RoutingNetwork network;
  private static final List<VpnClient> clients = new ArrayList<>();
  private static final List<Traffic> traffic = new ArrayList<>();
  private static final List<InnerConnection> connections = new ArrayList<>();

  @BeforeAll
  static void aGatewayThatRoutes() {
    office = Office.ready();
    cluster = office.cluster();
    cluster.namespace(NAMESPACE, "privileged");
    StringBuilder objects =
        new StringBuilder(
            CarolsGateway.gateway(NAMESPACE, "wide", SPEC.formatted(office.echoAddress())));
    for (int i = 0; i < CLIENTS; i++) {
      objects.append(CarolsGateway.person(NAMESPACE, "wide", "person-" + i));
    }
    office.installation().applyText(objects.toString());
    office.installation().awaitReady(NAMESPACE, "wide");
    network =
        new RoutingNetwork(
            office.installation(), List.of(cluster.nodeAddress()), NAMESPACE, "wide");
  }

  @AfterAll
  static void everybodyGoes() {
    clients.forEach(VpnClient::close);
    if (network != null) {
      network.close();
    }
    cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false");
  }

  @Test
  @Order(1)
  void givenRoutedTraffic_whenClientsConnect_thenTheNetworkSeesTheirOwnAddresses() {
    for (int i = 0; i < CLIENTS; i++) {
      VpnClient client = new VpnClient();
      clients.add(client);
      client.connect(office.installation().ovpn(NAMESPACE, "person-" + i));
    }
    for (VpnClient client : clients) {
      connections.add(InnerConnection.open(client, office.echoAddress()));
      traffic.add(Traffic.start(client, office.echoAddress()));
    }
    connections.forEach(connection -> connection.awaitAnswers(3));

    for (int i = 0; i < CLIENTS; i++) {
      assertThat(connections.get(i).answers().getLast().address())
          .isEqualTo(clients.get(i).tunnelAddress());
    }
    Progress.say("%d on wide-0, %d on wide-1", sessions("wide-0"), sessions("wide-1"));
  }

  @Test
  @Order(2)
  void givenConnectionsInside_whenScaledDown_thenTheyGoOnFromTheSameAddresses() {
    List<Answer> before = last();
    int moved = sessions("wide-1");

    cluster.kubectl("-n", NAMESPACE, "scale", "p2sgateway/wide", "--replicas=1");
    Office.await("the second pod's end", () -> !exists("wide-1"));
    Office.await("everybody on the first pod", () -> sessions("wide-0") == CLIENTS);

    theSameGoOn(before);
    Progress.say("%d of %d moved", moved, CLIENTS);
  }

  @Test
  @Order(3)
  void givenConnectionsInside_whenThePodsAreReplaced_thenTheyGoOnFromTheSameAddresses() {
    List<Answer> before = last();
    // two moves: to the pod that is added meanwhile, and back as that one goes
    cluster.patchGateway(
        NAMESPACE,
        "wide",
        "{\"spec\":{\"podUpdates\":\"Rolling\",\"scaling\":{\"drainTimeoutSeconds\":301}}}");
    Office.await("the added pod", () -> exists("wide-1"));
    Office.await("its end", () -> !exists("wide-1"));
    Office.await("everybody on the first pod", () -> sessions("wide-0") == CLIENTS);

    theSameGoOn(before);
  }

  private static List<Answer> last() {
    return connections.stream().map(connection -> connection.answers().getLast()).toList();
  }

  private static void theSameGoOn(List<Answer> before) {
    assertThat(clients.stream().map(VpnClient::tunnelAddress))
        .as(() -> "addresses of the clients\n" + cluster.diagnose(NAMESPACE))
        .containsExactlyElementsOf(before.stream().map(Answer::address).toList());
    connections.forEach(connection -> connection.awaitAnswers(3));
    assertThat(last().stream().map(answer -> answer.address() + ":" + answer.port()))
        .as("the same connections from the same addresses")
        .containsExactlyElementsOf(
            before.stream().map(answer -> answer.address() + ":" + answer.port()).toList());
    for (int i = 0; i < CLIENTS; i++) {
      Progress.say(
          "  longest without an answer: pings %.1f s, the connection %.1f s",
          traffic.get(i).longestGap(), connections.get(i).longestGap());
    }
  }

  private static boolean exists(String pod) {
    return cluster.client().pods().inNamespace(NAMESPACE).withName(pod).get() != null;
  }

  private static int sessions(String pod) {
    return office.installation().sessionsAt(NAMESPACE, pod);
  }
}

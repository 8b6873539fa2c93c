package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * IKEv2 at two replicas on two nodes, each with a Service and an address of its own: stock
 * strongSwan clients outside the cluster. The test is the load balancer that gives the addresses.
 * Time budget: 4 min beside the cluster.
 */
@TestMethodOrder(OrderAnnotation.class)
class Ikev2ReplicasClusterIT {

  private static final String NAMESPACE = "twin";
  private static final String NAME = "vpn.twin.example";
  private static final Map<String, String> ADDRESSES =
      Map.of("twin-0", "198.51.100.10", "twin-1", "198.51.100.11");

  private static final String OBJECTS =
      """
      apiVersion: p2s.dev/v1alpha1
      kind: P2SGateway
      metadata: {name: twin, namespace: twin}
      spec:
        sku: {custom: {connections: 4}}
        tunnelTypes: [IKEv2]
        fqdn: vpn.twin.example
        clientAddressPools: [172.31.213.0/28]
        exposure: {balancing: PerReplica}
        scaling: {replicas: 2}
      ---
      apiVersion: p2s.dev/v1alpha1
      kind: RootCertificate
      metadata: {name: twin-root, namespace: twin}
      spec: {gatewayRef: {name: twin}, selfSigned: {commonName: Twin VPN root}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: echo, namespace: twin}
      spec:
        selector: {matchLabels: {app: echo}}
        template:
          metadata: {labels: {app: echo}}
          spec:
            containers: [{name: echo, image: "%s", imagePullPolicy: IfNotPresent}]
      """;

  private static TwoNodes nodes;
  private static TestCluster cluster;
  private static final List<StrongSwanClient> clients = new ArrayList<>();

  @BeforeAll
  static void aGatewayOfTwoReplicas() {
    nodes = TwoNodes.shared();
    cluster = nodes.cluster();
    cluster.namespace(NAMESPACE, "privileged");
    nodes.installation().applyText(OBJECTS.formatted(TestCluster.ECHO_IMAGE));
    for (String person : List.of("alice", "bob", "carol", "dave", "erin")) {
      nodes.installation().applyText(profile(person));
    }
    ADDRESSES.forEach(
        (pod, address) ->
            await(
                "the Service of " + pod,
                () ->
                    cluster.giveAddress(
                        NAMESPACE, pod.replace("twin-", "twin-replica-"), address)));
    nodes.installation().awaitReady(NAMESPACE, "twin");
    cluster.kubectl("rollout", "status", "deployment/echo", "-n", NAMESPACE, "--timeout=60s");
  }

  @AfterAll
  static void everybodyGoes() {
    clients.forEach(StrongSwanClient::close);
    if (cluster != null) {
      cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false");
    }
  }

  @Test
  @Order(1)
  void givenTwoReplicas_whenTheStatusIsRead_thenItSaysWhichAddressesTheNameHasToHave() {
    assertThat(nodes.installation().gateway(NAMESPACE, "twin").getStatus().endpoint().addresses())
        .containsExactly("198.51.100.10", "198.51.100.11");
    assertThat(nodes.installation().gateway(NAMESPACE, "twin").getStatus().endpoint().address())
        .isEqualTo(NAME);
  }

  @Test
  @Order(2)
  void givenTheNameAlone_whenClientsDialEitherAddress_thenEachReplicaServesItsOwn() {
    connect("alice", "twin-0");
    connect("bob", "twin-1");

    await("a session on each", () -> sessions("twin-0") == 1 && sessions("twin-1") == 1);
    clients.forEach(client -> Traffic.start(client, echo()).awaitReplies(5));
  }

  @Test
  @Order(3)
  void givenOneLimit_whenEverybodyDialsOneReplica_thenItIsFilledOverBothAndNeverPassed() {
    StrongSwanClient carol = machine();
    StrongSwanClient dave = machine();
    StrongSwanClient erin = machine();
    // at a full replica a client is sent to the other one, or room comes to where it dials
    comesIn(carol, "carol", 3);
    comesIn(dave, "dave", 4);
    Progress.say(
        "four IKEv2 clients of a limit of four: %d on twin-0, %d on twin-1",
        sessions("twin-0"), sessions("twin-1"));

    names(erin, "twin-0");
    erin.dial(zip("erin"));

    Awaitility.await("nobody above the limit")
        .during(Duration.ofSeconds(5))
        .atMost(Duration.ofSeconds(20))
        .until(() -> sessions("twin-0") + sessions("twin-1") == 4);
    carol.hangUp();
    dave.hangUp();
    erin.hangUp();
    await("two are left", () -> sessions("twin-0") + sessions("twin-1") == 2);
  }

  @Test
  @Order(4)
  void givenASessionWithTraffic_whenItsPodLeaves_thenItIsRedirectedToTheOther() {
    StrongSwanClient alice = clients.getFirst();
    String from = sessions("twin-0") == 1 ? "twin-0" : "twin-1";
    Traffic traffic = Traffic.start(alice, echo());
    traffic.awaitReplies(10);
    String before = pod(from).getMetadata().getUid();

    cluster.kubectl("-n", NAMESPACE, "delete", "pod", from, "--wait=false");

    await(
        "both on the other one", () -> sessions(from.equals("twin-0") ? "twin-1" : "twin-0") == 2);
    await(
        "another pod in its place",
        () -> pod(from) != null && !pod(from).getMetadata().getUid().equals(before));
    traffic.awaitReplies(10);
    assertThat(alice.log()).contains("redirect");
    Progress.say(
        "IKEv2 client redirected from %s: longest interruption %.1f s", from, traffic.longestGap());
    assertThat(traffic.longestGap()).isLessThan(20);
  }

  @Test
  @Order(5)
  void
      givenConnectionsInsideAndRoutedTraffic_whenTheirPodLeaves_thenTheyGoOnFromTheSameAddresses() {
    cluster.patchGateway(NAMESPACE, "twin", "{\"spec\":{\"routes\":{\"snat\":false}}}");
    try (RoutingNetwork network =
        new RoutingNetwork(nodes.installation(), nodes.addresses(), NAMESPACE, "twin")) {
      List<StrongSwanClient> people = clients.subList(0, 2);
      await("the gateway that routes", () -> !network.wanted().isEmpty());
      nodes.installation().awaitReady(NAMESPACE, "twin");
      List<InnerConnection> connections =
          people.stream().map(client -> InnerConnection.open(client, echo())).toList();
      connections.forEach(connection -> connection.awaitAnswers(3));
      List<String> before = connections.stream().map(Ikev2ReplicasClusterIT::seenFrom).toList();
      String from = sessions("twin-0") == 2 ? "twin-0" : "twin-1";

      cluster.kubectl("-n", NAMESPACE, "delete", "pod", from, "--wait=false");

      await(
          "both on the other one",
          () -> sessions(from.equals("twin-0") ? "twin-1" : "twin-0") == 2);
      connections.forEach(connection -> connection.awaitAnswers(3));
      assertThat(connections.stream().map(Ikev2ReplicasClusterIT::seenFrom))
          .as(() -> "the same connections from the same addresses\n" + cluster.diagnose(NAMESPACE))
          .containsExactlyElementsOf(before);
      connections.forEach(
          connection ->
              Progress.say(
                  "IKEv2, redirected from %s with its address: the connection inside longest without"
                      + " an answer %.1f s",
                  from, connection.longestGap()));
    }
  }

  private static String seenFrom(InnerConnection connection) {
    InnerConnection.Answer last = connection.answers().getLast();
    return last.address() + ":" + last.port();
  }

  private static void comesIn(StrongSwanClient client, String person, int together) {
    names(client, "twin-0");
    byte[] zip = zip(person);
    await(
        person + " is in",
        () -> {
          client.hangUp();
          client.dial(zip);
          for (int i = 0; i < 10 && sessions("twin-0") + sessions("twin-1") < together; i++) {
            TimeUnit.SECONDS.sleep(1);
          }
          return sessions("twin-0") + sessions("twin-1") == together;
        });
  }

  private static void connect(String person, String pod) {
    StrongSwanClient client = machine();
    names(client, pod);
    client.connect(zip(person));
  }

  private static StrongSwanClient machine() {
    StrongSwanClient client = new StrongSwanClient();
    clients.add(client);
    return client;
  }

  /** The client's resolver knows one address of the name, and its network the way to both. */
  private static void names(StrongSwanClient client, String pod) {
    client.run(
        "sh",
        "-c",
        "grep -v $1 /etc/hosts > /tmp/hosts; echo $2 $1 >> /tmp/hosts; cat /tmp/hosts > /etc/hosts",
        "sh",
        NAME,
        ADDRESSES.get(pod));
    ADDRESSES.forEach(
        (each, address) ->
            client.run(
                "ip", "route", "replace", address, "via", pod(each).getStatus().getHostIP()));
  }

  private static byte[] zip(String profile) {
    return nodes.installation().zip(NAMESPACE, profile);
  }

  private static String profile(String person) {
    return """
    apiVersion: p2s.dev/v1alpha1
    kind: ClientProfile
    metadata: {name: %1$s, namespace: twin}
    spec:
      gatewayRef: {name: twin}
      user: %1$s@example.com
      certificate: {issued: {rootRef: {name: twin-root}}}
    """
        .formatted(person);
  }

  private static String echo() {
    return cluster
        .client()
        .pods()
        .inNamespace(NAMESPACE)
        .withLabel("app", "echo")
        .list()
        .getItems()
        .getFirst()
        .getStatus()
        .getPodIP();
  }

  private static Pod pod(String name) {
    return cluster.client().pods().inNamespace(NAMESPACE).withName(name).get();
  }

  private static int sessions(String pod) {
    return nodes.installation().sessionsAt(NAMESPACE, pod);
  }

  private static void await(String what, Callable<Boolean> condition) {
    try {
      Office.await(what, Duration.ofMinutes(2), condition);
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      throw new AssertionError(
          what
              + " did not come: "
              + sessions("twin-0")
              + " sessions on twin-0, "
              + sessions("twin-1")
              + " on twin-1\n"
              + clients.stream().map(StrongSwanClient::log).reduce("", String::concat)
              + cluster.diagnose(NAMESPACE),
          e);
    }
  }
}

package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The SKU of a gateway of two pods is changed up and down beside people with traffic: the limit is
 * another one at once, and nobody who is connected notices. Time budget: 3 min beside the
 * installation.
 */
@TestMethodOrder(OrderAnnotation.class)
class ResizeClusterIT {

  private static final String NAMESPACE = "resize";
  private static final int PEOPLE = 10;
  private static final List<String> PODS = List.of("sized-0", "sized-1");

  private static final String SPEC =
      """
      sku: {custom: {connections: 10}}
      clientAddressPools: [172.31.219.0/26]
      exposure: {type: NodePort, nodePort: 30948}
      openVpn: {processes: 2}
      scaling: {replicas: 2}
      """;

  private static Office office;
  private static ManyClients people;
  private static String ovpn;
  private static List<String> servers;
  private static final List<VpnClient> late = new ArrayList<>();

  @BeforeAll
  static void aGatewayThatIsFull() {
    office = Office.ready();
    office.cluster().namespace(NAMESPACE, "privileged");
    office.installation().applyText(CarolsGateway.manifests(NAMESPACE, "sized", SPEC));
    office.installation().awaitReady(NAMESPACE, "sized");
    ovpn = office.installation().ovpn(NAMESPACE, CarolsGateway.PERSON);
    people = new ManyClients(PEOPLE);
    people.dial(ovpn);
    await("everybody's tunnel", () -> people.up() == PEOPLE);
    people.send(office.echoAddress());
    await("answers in every tunnel", () -> people.answered() == PEOPLE);
    servers = servers();
    assertThat(servers).as("two processes of each pod").hasSize(4);
  }

  @AfterAll
  static void everybodyGoes() {
    late.forEach(VpnClient::close);
    if (people != null) {
      people.close();
    }
    office.cluster().kubectl("delete", "namespace", NAMESPACE, "--wait=false");
  }

  @BeforeEach
  void measureAnew() {
    people.measureAnew();
  }

  @Test
  @Order(1)
  void givenAFullGateway_whenItIsResizedUp_thenWhoWasRefusedIsLetIn() {
    VpnClient one = refused();

    resize("{\"custom\": {\"connections\": 11}}");

    final long inForce = System.nanoTime();
    await("the newcomer's tunnel", () -> isUp(one));
    // two pods share the figure, and the pod that is dialled may not be the one that has the room
    Progress.say(
        "resized from 10 to 11: the one who was refused is in %.1f s after the new limit's coming into force",
        (System.nanoTime() - inForce) / 1e9);
    assertThat(sessions()).isEqualTo(PEOPLE + 1);
    await("the status", () -> connected().equals("11/11"));
    nobodyNoticed();
  }

  @Test
  @Order(2)
  void givenSessions_whenTheSkuIsARowOfTheTableAndThenTheNext_thenNobodyNotices() {
    resize("{\"custom\": null, \"name\": \"VpnGw1AZ\"}");
    assertThat(connected()).endsWith("/250");
    resize("{\"name\": \"VpnGw2AZ\", \"generation\": \"Generation1\"}");
    assertThat(connected()).endsWith("/500");
    resize("{\"name\": \"VpnGw1AZ\"}");
    assertThat(connected()).endsWith("/250");

    assertThat(sessions()).isEqualTo(PEOPLE + 1);
    nobodyNoticed();
  }

  @Test
  @Order(3)
  void givenSessions_whenTheSmallerSkuHasRoomForOneMore_thenOneMoreGetsInAndNobodyBeyond() {
    resize("{\"name\": null, \"generation\": null, \"custom\": {\"connections\": 12}}");

    VpnClient last = dialled();
    await("the last one's tunnel", () -> isUp(last));
    refused();

    assertThat(sessions()).isEqualTo(PEOPLE + 2);
    assertThat(condition("ResizePending")).isEmpty();
    nobodyNoticed();
  }

  @Test
  @Order(4)
  void givenMoreSessionsThanTheSmallerSkuTakes_thenNobodyIsThrownOutAndNobodyNewGetsIn() {
    resize("{\"custom\": {\"connections\": 8}}");

    await(
        "the condition ResizePending",
        () ->
            condition("ResizePending")
                .orElseThrow()
                .getMessage()
                .startsWith(
                    "12 connections are open and custom takes 8; nobody is thrown out, and nobody new"));
    refused();
    assertThat(sessions()).isEqualTo(PEOPLE + 2);
    nobodyNoticed();
  }

  @Test
  @Order(5)
  void givenAResizeThatIsPending_whenEnoughHangUp_thenTheSmallerLimitHoldsExactly() {
    late.forEach(VpnClient::hangUp);
    people.hangUp(3);
    await("as many as hung up to be gone", () -> sessions() == PEOPLE - 3);
    await("the condition's end", () -> condition("ResizePending").isEmpty());

    VpnClient eighth = dialled();
    await("the eighth one's tunnel", () -> isUp(eighth));
    refused();

    assertThat(sessions()).isEqualTo(8);
    await("the status", () -> connected().equals("8/8"));
    assertThat(people.arrivals()).isEqualTo(PEOPLE);
    assertThat(servers()).isEqualTo(servers);
  }

  /** Somebody who dials, is told that the gateway is full, and goes on trying. */
  private static VpnClient refused() {
    int before = sessions();
    VpnClient client = dialled();
    await("a refusal", () -> client.log().contains("gateway is full"));
    Awaitility.await("nobody more")
        .during(Duration.ofSeconds(6))
        .atMost(Duration.ofSeconds(12))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> sessions() == before && !isUp(client));
    return client;
  }

  private static VpnClient dialled() {
    VpnClient client = new VpnClient();
    late.add(client);
    client.dial(ovpn);
    return client;
  }

  private static boolean isUp(VpnClient client) {
    return client.log().contains("Initialization Sequence Completed");
  }

  /** Returns once the limit is in force. */
  private static void resize(String sku) {
    office.cluster().patchGateway(NAMESPACE, "sized", "{\"spec\": {\"sku\": " + sku + "}}");
    office.installation().awaitProgrammed(NAMESPACE, "sized");
  }

  private static void nobodyNoticed() {
    await("answers in every tunnel", () -> people.answered() == PEOPLE);
    assertThat(people.arrivals()).as("dials of those who were connected").isEqualTo(PEOPLE);
    // a client that dials again pauses for a second at least
    assertThat(people.longestGaps().getLast()).as("longest interruption in seconds").isLessThan(1);
    assertThat(servers()).as("pods and server processes").isEqualTo(servers);
  }

  /** Each server process: its pod's name and id, its own id and when it was started. */
  private static List<String> servers() {
    return PODS.stream()
        .flatMap(
            pod ->
                office
                    .cluster()
                    .kubectl(
                        "-n",
                        NAMESPACE,
                        "exec",
                        pod,
                        "-c",
                        "openvpn",
                        "--",
                        "sh",
                        "-c",
                        "cat /proc/[0-9]*/stat 2>/dev/null | grep '(openvpn)' | cut -d' ' -f1,22")
                    .lines()
                    .map(process -> pod + " " + uid(pod) + " " + process))
        .sorted()
        .toList();
  }

  private static String uid(String pod) {
    return office
        .cluster()
        .client()
        .pods()
        .inNamespace(NAMESPACE)
        .withName(pod)
        .get()
        .getMetadata()
        .getUid();
  }

  private static int sessions() {
    return PODS.stream().mapToInt(pod -> office.installation().sessionsAt(NAMESPACE, pod)).sum();
  }

  private static String connected() {
    return office.installation().gateway(NAMESPACE, "sized").getStatus().connected();
  }

  private static Optional<Condition> condition(String type) {
    return Installation.conditions(office.installation().gateway(NAMESPACE, "sized")).stream()
        .filter(condition -> condition.getType().equals(type))
        .filter(condition -> condition.getStatus().equals("True"))
        .findFirst();
  }

  private static void await(String what, Callable<Boolean> condition) {
    try {
      Office.await(what, condition);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(what + " did not come\n" + office.cluster().diagnose(NAMESPACE), e);
    }
  }
}

package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.P2SGateway;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A gateway of two pods: one limit over both, and nobody lost when one of them goes. Time budget: 6
 * minutes.
 */
@TestMethodOrder(OrderAnnotation.class)
class ScalingClusterIT {

  private static final String NAMESPACE = "scaling";
  private static final int LIMIT = 6;

  private static Office office;
  private static TestCluster cluster;
  private static String ovpn;
  private static final List<VpnClient> clients = new ArrayList<>();

  @BeforeAll
  static void aGatewayOfTwoPods() {
    office = Office.ready();
    cluster = office.cluster();
    cluster.namespace(NAMESPACE, "privileged");
    String spec =
        """
        sku: {custom: {connections: %d}}
        clientAddressPools: [172.31.210.0/27]
        exposure: {type: NodePort, nodePort: 30943}
        openVpn: {processes: 1}
        scaling: {replicas: 2}
        throughputPolicy: Shape
        """
            .formatted(LIMIT);
    office.installation().applyText(CarolsGateway.manifests(NAMESPACE, "wide", spec));
    office.installation().awaitReady(NAMESPACE, "wide");
    ovpn = office.installation().ovpn(NAMESPACE, CarolsGateway.PERSON);
  }

  @AfterAll
  static void everybodyGoes() {
    clients.forEach(VpnClient::close);
    cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false");
  }

  @Test
  @Order(1)
  void givenTwoPods_whenMoreClientsDialThanTheLimit_thenExactlyTheLimitGetsInOverBoth() {
    for (int i = 0; i < LIMIT + 2; i++) {
      clients.add(new VpnClient());
    }
    clients.forEach(client -> client.dial(ovpn));

    await("all that the gateway allows", () -> sessions("wide-0") + sessions("wide-1") == LIMIT);
    Awaitility.await("nobody above the limit")
        .during(Duration.ofSeconds(8))
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> sessions("wide-0") + sessions("wide-1") <= LIMIT);
    long together = shapedKbps("wide-0") + shapedKbps("wide-1");
    assertThat(together).as("kbit/s of the SKU's 650 Mbit/s").isBetween(1L, 650_000L);
    Progress.say(
        "%d clients dialled: %d on wide-0, %d on wide-1",
        clients.size(), sessions("wide-0"), sessions("wide-1"));
  }

  @Test
  @Order(2)
  void givenSessionsWithTraffic_whenScaledDown_thenEverybodyIsBackOnThePodThatStays() {
    List<VpnClient> few = hangUpAllBut(4);
    List<Traffic> traffic =
        few.stream().map(client -> Traffic.start(client, office.echoAddress())).toList();
    traffic.forEach(each -> each.awaitReplies(5));
    final int moved = sessions("wide-1");

    cluster.kubectl("-n", NAMESPACE, "scale", "p2sgateway/wide", "--replicas=1");

    await("the second pod's end", () -> pod("wide-1") == null);
    await("everybody on the first pod", () -> sessions("wide-0") == few.size());
    traffic.forEach(each -> each.awaitReplies(5));
    Progress.say("%d of %d moved; the longest interruption of each:", moved, few.size());
    traffic.forEach(each -> Progress.say("  %.1f s", each.longestGap()));
  }

  @Test
  @Order(3)
  void givenScaledUpAgain_whenAPodIsDeleted_thenItsClientsMoveBeforeItEnds() {
    cluster.kubectl("-n", NAMESPACE, "scale", "p2sgateway/wide", "--replicas=2");
    await("the second pod", () -> isReady(pod("wide-1")));
    office.installation().awaitReady(NAMESPACE, "wide");
    List<Traffic> traffic =
        clients.stream().map(client -> Traffic.start(client, office.echoAddress())).toList();
    traffic.forEach(each -> each.awaitReplies(5));
    String before = pod("wide-0").getMetadata().getUid();

    cluster.kubectl("-n", NAMESPACE, "delete", "pod", "wide-0", "--wait=false");

    await(
        "another pod in its place",
        () ->
            pod("wide-0") != null
                && !pod("wide-0").getMetadata().getUid().equals(before)
                && isReady(pod("wide-0")));
    assertThat(sessions("wide-0") + sessions("wide-1")).isEqualTo(clients.size());
    traffic.forEach(each -> each.awaitReplies(5));
    traffic.forEach(each -> Progress.say("  %.1f s", each.longestGap()));
  }

  @Test
  @Order(4)
  void givenMaxReplicas_whenNobodyServesTheMetric_thenTheConditionSaysSoAndTheNumberStays() {
    scaling("{\"maxReplicas\": 3}");
    await(
        "the condition Autoscaling",
        () -> "MetricMissing".equals(condition("Autoscaling").orElse("")));
    assertThat(replicas()).isEqualTo(2);

    scaling("{\"maxReplicas\": null}");
    await(
        "the autoscaler's end",
        () ->
            cluster
                    .client()
                    .autoscaling()
                    .v2()
                    .horizontalPodAutoscalers()
                    .inNamespace(NAMESPACE)
                    .withName("wide")
                    .get()
                == null);
    await("the condition's end", () -> condition("Autoscaling").isEmpty());
  }

  @Test
  @Order(5)
  void givenRollingUpdates_whenTheTemplateChanges_thenEveryPodIsReplacedAndEverybodyStays() {
    List<Traffic> traffic =
        clients.stream().map(client -> Traffic.start(client, office.echoAddress())).toList();
    traffic.forEach(each -> each.awaitReplies(5));
    Set<String> before = Set.of(uid("wide-0"), uid("wide-1"));

    // the grace period stands in the pods' template
    patch("{\"podUpdates\": \"Rolling\", \"scaling\": {\"drainTimeoutSeconds\": 301}}");

    await("one pod more", () -> isReady(pod("wide-2")));
    await(
        "two new pods and no other",
        () ->
            pod("wide-2") == null
                && isReady(pod("wide-0"))
                && isReady(pod("wide-1"))
                && !before.contains(uid("wide-0"))
                && !before.contains(uid("wide-1")));
    await("everybody on them", () -> sessions("wide-0") + sessions("wide-1") == clients.size());
    await("nothing left to replace", () -> condition("UpdateAvailable").isEmpty());
    traffic.forEach(each -> each.awaitReplies(5));
    Progress.say("two pods replaced, one after another; the longest interruption of each client:");
    traffic.forEach(each -> Progress.say("  %.1f s", each.longestGap()));
  }

  private static String uid(String pod) {
    return pod(pod) == null ? "" : pod(pod).getMetadata().getUid();
  }

  private static void scaling(String merged) {
    patch("{\"scaling\": " + merged + "}");
  }

  private static void patch(String spec) {
    cluster.patchGateway(NAMESPACE, "wide", "{\"spec\": " + spec + "}");
  }

  private static Optional<String> condition(String type) {
    return gateway().getStatus().conditions().stream()
        .filter(condition -> condition.getType().equals(type))
        .map(Condition::getReason)
        .findFirst();
  }

  private static int replicas() {
    return gateway().getSpec().scaling().replicas();
  }

  private static P2SGateway gateway() {
    return cluster
        .client()
        .resources(P2SGateway.class)
        .inNamespace(NAMESPACE)
        .withName("wide")
        .get();
  }

  private static List<VpnClient> hangUpAllBut(int count) {
    while (clients.size() > count) {
      clients.removeLast().close();
    }
    await("only " + count, () -> sessions("wide-0") + sessions("wide-1") == count);
    return List.copyOf(clients);
  }

  private static int sessions(String pod) {
    return office.installation().sessionsAt(NAMESPACE, pod);
  }

  private static long shapedKbps(String pod) {
    String shown =
        cluster.kubectl(
            "-n",
            NAMESPACE,
            "exec",
            pod,
            "-c",
            "netd",
            "--",
            "tc",
            "class",
            "show",
            "dev",
            "aggregate0",
            "classid",
            "1:ffff");
    Matcher rate = Pattern.compile("rate (\\d+)([MK]?)bit").matcher(shown);
    assertThat(rate.find()).as(shown).isTrue();
    long figure = Long.parseLong(rate.group(1));
    return switch (rate.group(2)) {
      case "M" -> figure * 1000;
      case "K" -> figure;
      default -> figure / 1000;
    };
  }

  private static Pod pod(String name) {
    return cluster.client().pods().inNamespace(NAMESPACE).withName(name).get();
  }

  private static boolean isReady(Pod pod) {
    return pod != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  private static void await(String what, java.util.concurrent.Callable<Boolean> condition) {
    try {
      Office.await(what, condition);
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      throw new AssertionError(
          what
              + " did not come: "
              + sessions("wide-0")
              + " sessions on wide-0, "
              + sessions("wide-1")
              + " on wide-1\n"
              + cluster.diagnose(NAMESPACE),
          e);
    }
  }
}

package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * SSTP at two replicas behind one address: Debian's pppd and sstpc, configured by the package
 * alone, come back by themselves when the pod that serves them leaves or dies. The test is the load
 * balancer that gives the address. Time budget: 3 min beside the cluster.
 */
class SstpMoveClusterIT {

  private static final String NAMESPACE = "sstp-move";
  private static final String NAME = "door";
  private static final List<String> PODS = List.of("door-0", "door-1");

  private static final String SPEC =
      """
      tunnelTypes: [SSTP]
      clientAddressPools: [172.31.223.0/26]
      routes: {include: [10.244.0.0/15, %s/32]}
      scaling: {replicas: 2}
      """;

  private static TwoNodes nodes;
  private static TestCluster cluster;
  private static SstpMachine laptop;
  private static String echo;

  @BeforeAll
  static void somebodyWithTraffic() {
    nodes = TwoNodes.shared();
    cluster = nodes.cluster();
    cluster.namespace(NAMESPACE, "privileged");
    // a load balancer asks nodes without a pod for nothing, and there is only this one to ask
    cluster.kubectl("cordon", TwoNodes.SECOND);
    nodes
        .installation()
        .applyText(CarolsGateway.manifests(NAMESPACE, NAME, SPEC.formatted(Upload.here())));
    await("the Service", () -> cluster.giveAddress(NAMESPACE, NAME, cluster.nodeAddress()));
    nodes.installation().awaitReady(NAMESPACE, NAME);
    echo = nodes.echo(NAMESPACE);
    cluster.kubectl("uncordon", TwoNodes.SECOND);
    laptop = new SstpMachine();
    laptop.connectByPackage(nodes.installation().zip(NAMESPACE, CarolsGateway.PERSON), NAME);
  }

  @AfterAll
  static void everybodyGoes() {
    if (laptop != null) {
      laptop.close();
    }
    cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false");
  }

  @Test
  void givenTraffic_whenThePodLeaves_thenSstpcIsLetGoAndComesBackAtTheOtherByItself() {
    String from = serving();
    String address = laptop.address();
    Traffic traffic = traffic();

    cluster.kubectl("-n", NAMESPACE, "delete", "pod", from, "--wait=false");

    await("the session elsewhere", () -> serving().equals(other(from)));
    traffic.awaitReplies(10);
    assertThat(laptop.log()).contains("This gateway ends the connection. Dial again.");
    Progress.say("SSTP, pod deleted: %s before, %s now", address, laptop.address());
    isBack("pod deleted", traffic);
    await("the pod again", () -> nodes.isReady(NAMESPACE, from));
  }

  @Test
  void givenTraffic_whenAllOfThePodsProcessesDie_thenSstpcComesBackByItself() {
    String from = serving();
    Traffic traffic = traffic();

    nodes.on(nodes.first(), NodeTasks.killContainers(from));

    await("the pod's end", () -> !nodes.isReady(NAMESPACE, from));
    traffic.awaitReplies(10);
    isBack("SIGKILL of all processes of the pod", traffic);
    await("one session", () -> !serving().isEmpty());
    await("the pod again", () -> nodes.isReady(NAMESPACE, from));
  }

  /** Its segments are joined on their way into the kernel, and cut again. */
  @Test
  void givenManyBytes_whenSstpcSendsThem_thenAllArriveAsTheyWere() throws Exception {
    Upload.arrivesWhole(laptop, 10_000_000);
  }

  private static void isBack(String what, Traffic traffic) {
    double gap = traffic.longestGap();
    Progress.say("SSTP, %s: longest interruption %.1f s", what, gap);
    // three seconds is the aim, which a machine that does ten other things may miss
    assertThat(gap).as("longest interruption in seconds").isLessThan(20);
  }

  private static Traffic traffic() {
    Traffic traffic = Traffic.startByAnyDevice(laptop, echo);
    traffic.awaitReplies(10);
    return traffic;
  }

  /** The pod that has the session; "" where none or both have one. */
  private static String serving() {
    List<String> having =
        PODS.stream().filter(pod -> nodes.installation().sessionsAt(NAMESPACE, pod) > 0).toList();
    return having.size() == 1 ? having.getFirst() : "";
  }

  private static String other(String pod) {
    return PODS.stream().filter(each -> !each.equals(pod)).findFirst().orElseThrow();
  }

  private static void await(String what, Callable<Boolean> condition) {
    try {
      Office.await(what, condition);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          Stream.of(
                  what + " did not come",
                  laptop == null ? "" : laptop.log(),
                  cluster.diagnose(NAMESPACE))
              .collect(Collectors.joining("\n")),
          e);
    }
  }
}

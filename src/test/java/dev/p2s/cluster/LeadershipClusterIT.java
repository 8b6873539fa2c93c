package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Which operator writes: a lease that survives SIGTERM and theft. Time budget: 90 s beside the
 * installation.
 */
class LeadershipClusterIT {

  private static final String LEASE = "p2s-gateway-operator";

  private static Office office;

  @BeforeAll
  static void install() {
    office = Office.ready();
  }

  @AfterAll
  static void leaveAsFound() {
    office.installation().helmUpgrade();
    office.awaitReady();
  }

  @Test
  void givenALeader_whenItIsToldToEnd_thenItEndsInSecondsAndGivesTheLeaseBack() {
    Pod leader = leader();
    Instant told = Instant.now();
    pods().resource(leader).withGracePeriod(30).delete();
    Office.await("the end of the leader", () -> pods().withName(name(leader)).get() == null);
    assertThat(Duration.between(told, Instant.now())).isLessThan(Duration.ofSeconds(20));
    Office.await(
        "the next leader", () -> holder().isPresent() && !holder().get().equals(name(leader)));
    assertThat(Duration.between(told, Instant.now()))
        .as("nobody waits for the lease's expiry of 15 s after a long shutdown")
        .isLessThan(Duration.ofSeconds(30));
    proveThatItWrites("after-sigterm");
  }

  @Test
  void givenALeader_whenItsLeaseIsStolen_thenItEndsAndReturnsAsOneWhoWaits() {
    Pod leader = leader();
    int restarts = restarts(name(leader));
    steal();
    Office.await("the robbed operator's restart", () -> restarts(name(leader)) > restarts);
    Office.await("a leader again", () -> holder().filter(h -> !h.equals("thief")).isPresent());
    proveThatItWrites("after-theft");
  }

  private static void proveThatItWrites(String user) {
    office.profile(user);
    try {
      office.installation().awaitPackage(Office.NAMESPACE, user);
    } finally {
      office.delete(user);
    }
  }

  private static Pod leader() {
    Office.await(
        "a leader", () -> holder().filter(h -> pods().withName(h).get() != null).isPresent());
    return pods().withName(holder().orElseThrow()).get();
  }

  private static java.util.Optional<String> holder() {
    Lease lease =
        office
            .cluster()
            .client()
            .leases()
            .inNamespace(Installation.NAMESPACE)
            .withName(LEASE)
            .get();
    return java.util.Optional.ofNullable(lease)
        .map(l -> l.getSpec().getHolderIdentity())
        .filter(h -> !h.isEmpty());
  }

  /** Whatever the holder writes at the same moment. */
  private static void steal() {
    office
        .cluster()
        .client()
        .leases()
        .inNamespace(Installation.NAMESPACE)
        .withName(LEASE)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\":{\"holderIdentity\":\"thief\",\"renewTime\":\"%s\"}}"
                .formatted(
                    // six digits of a second, as the API server takes them
                    Instant.now()
                        .plusSeconds(10)
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString()
                        .replace("Z", ".000000Z")));
  }

  private static int restarts(String pod) {
    Pod now = pods().withName(pod).get();
    return now == null
        ? Integer.MAX_VALUE
        : now.getStatus().getContainerStatuses().stream().mapToInt(s -> s.getRestartCount()).sum();
  }

  private static String name(Pod pod) {
    return pod.getMetadata().getName();
  }

  private static io.fabric8.kubernetes.client.dsl.NonNamespaceOperation<
          Pod,
          io.fabric8.kubernetes.api.model.PodList,
          io.fabric8.kubernetes.client.dsl.PodResource>
      pods() {
    return office.cluster().client().pods().inNamespace(Installation.NAMESPACE);
  }
}

package dev.p2s.cluster;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Sessions outlive what manages them: each test lets something die or change beside a session with
 * traffic, once or (in {@code make soak}) again and again. Afterwards the session is the same,
 * known to the operator, and can be revoked. Time budget: 150 s beside the installation; in full 20
 * min, most of which the kubelet waits before it starts again what dies often.
 */
@Tag(Endurance.TAG)
class SurvivalClusterIT {

  private static Office office;
  private LiveSession session;

  @BeforeAll
  static void anOffice() {
    office = Office.ready();
  }

  @BeforeEach
  void aSessionWithTraffic() {
    session = LiveSession.start(office, "survivor");
  }

  @AfterEach
  void nothingIsLeft() {
    if (session != null) {
      session.close();
    }
  }

  @Test
  void givenASession_whenTheOperatorsPodIsDeleted_thenItGoesOn() {
    for (int round = 0; round < Endurance.rounds(); round++) {
      office
          .cluster()
          .client()
          .pods()
          .inNamespace(Installation.NAMESPACE)
          .withLabel("app.kubernetes.io/name", "p2s-gateway-operator")
          .delete();
      session.traffic().awaitReplies(25);
      office
          .cluster()
          .kubectl(
              "-n",
              Installation.NAMESPACE,
              "rollout",
              "status",
              "deployment/" + Installation.RELEASE);
    }

    session.isTheSameAndCanBeRevoked();
  }

  @Test
  void givenASession_whenTheAgentsContainerIsKilled_thenItGoesOn() {
    for (int round = 0; round < Endurance.rounds(); round++) {
      killed("agent", ContainerStatus::getReady);
      session.traffic().awaitReplies(10);
    }

    session.isTheSameAndCanBeRevoked();
  }

  @Test
  void givenASession_whenNetdIsKilled_thenItGoesOn() {
    for (int round = 0; round < Endurance.rounds(); round++) {
      killed("netd", netd -> netd.getState().getRunning() != null);
      session.traffic().awaitReplies(10);
    }

    session.isTheSameAndCanBeRevoked();
  }

  @Test
  void givenASession_whenTheChartIsUpgradedWithTheSameImages_thenItGoesOn() {
    for (int round = 0; round < Endurance.rounds(); round++) {
      office.installation().helmUpgrade("--set", "resources.requests.cpu=" + (55 + round) + "m");
      session.traffic().awaitReplies(10);
    }

    session.isTheSameAndCanBeRevoked();
    office.installation().helmUpgrade();
  }

  private static void killed(String container, Predicate<ContainerStatus> up) {
    int restarts = office.container(container).getRestartCount();
    office.kill(container);
    Office.await(
        container + " to be started anew",
        Endurance.patience(),
        () -> {
          ContainerStatus status = office.container(container);
          return status.getRestartCount() > restarts && up.test(status);
        });
  }
}

package dev.p2s.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.States;
import dev.p2s.dataplane.tc.AggregateShape;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import dev.p2s.pki.Thumbprint;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Throughput that is held back in the kernel, with two stock clients. Time budget: one minute. That
 * the figure is reached is the benchmark's matter; here nobody gets more, and nobody gets what is
 * another's.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class ShapingNamespaceIT {

  private static final int MBPS = 16;
  private static final Duration MEASURED = Duration.ofSeconds(4);

  private final SecureRandom random = new SecureRandom();
  private final CertificateAuthority root =
      CertificateAuthority.selfSigned(
          "CN-Office", KeyKind.EC_P256, Duration.ofDays(2), Instant.now(), random);

  private GatewayPod pod;
  private Laptop greedy;
  private Laptop modest;

  @BeforeAll
  void twoPeopleAreConnected(@TempDir(cleanup = CleanupMode.NEVER) Path directory)
      throws IOException {
    Machine machine = new Machine(directory);
    try {
      pod = new GatewayPod(directory, machine);
      machine.start(
          "flood", GatewayPod.SERVICE, Map.of(), GatewayPod.java("", FloodServer.class.getName()));
      greedy = new Laptop(pod, directory, "greedy", 71);
      modest = new Laptop(pod, directory, "modest", 72);
      pod.program(state(MBPS));
      greedy.connect(person("greedy"));
      modest.connect(person("modest"));
      pod.awaitReport(report -> report.sessions().size() == 2);
    } catch (IOException | RuntimeException e) {
      machine.close();
      throw e;
    }
  }

  @AfterAll
  void everythingEnds() {
    if (pod != null) {
      pod.close();
    }
  }

  @Test
  @Order(1)
  void givenShaping_whenOnePersonTakesWithEightConnectionsAndAnotherGivesWithOne_thenTheyShareIt()
      throws Exception {
    for (int i = 0; i < 8; i++) {
      flood("greedy", "d");
    }
    flood("modest", "u");

    double greedyMbps = mbps("greedy", "rx");
    double modestMbps = mbps("modest", "tx");
    System.out.printf(
        "==> of %d Mbit/s: %.1f down by eight connections, %.1f up by one%n",
        MBPS, greedyMbps, modestMbps);
    // the clients' own counters have tunnel packets as they are, and what the server cut off
    assertThat(greedyMbps + modestMbps).isBetween(MBPS * 0.5, MBPS * 1.15);
    assertThat(greedyMbps).isBetween(modestMbps / 2, modestMbps * 2);
  }

  @Test
  @Order(2)
  void givenTraffic_whenAnotherFigureHolds_thenItHoldsForThoseWhoAreConnected() throws Exception {
    List<String> sets = pod.serverSets();
    pod.program(state(MBPS / 4));

    assertThat(mbps("greedy", "rx")).isBetween(0.1, MBPS / 4 * 1.15);
    assertThat(pod.serverSets()).isEqualTo(sets);
    assertThat(pod.report().sessions()).hasSize(2);
  }

  @Test
  @Order(3)
  void givenTraffic_whenNothingIsHeldBackAnyMore_thenItGoesItsOwnWay() throws Exception {
    pod.program(state(null));

    assertThat(mbps("greedy", "rx")).isGreaterThan(MBPS / 4 * 2);
    assertThat(pod.machine.require("ip", "-n", GatewayPod.POD, "-br", "link", "show"))
        .doesNotContain(AggregateShape.DEVICE);
  }

  private void flood(String who, String way) {
    String namespace = Machine.named(who);
    String open = "exec 3<>/dev/tcp/" + GatewayPod.ADVERTISED + "/" + FloodServer.PORT;
    pod.machine.start(
        who + "-flood",
        namespace,
        Map.of(),
        "bash",
        "-c",
        open
            + " && printf "
            + way
            + " >&3 && "
            + (way.equals("d") ? "exec cat <&3 >/dev/null" : "exec cat /dev/zero >&3"));
  }

  /** What goes through a client's tunnel from now on, after a moment in which TCP settles. */
  private double mbps(String who, String direction) {
    Awaitility.await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
    long before = octets(who, direction);
    Awaitility.await().pollDelay(MEASURED).until(() -> true);
    return (octets(who, direction) - before) * 8 / 1e6 / MEASURED.toSeconds();
  }

  private long octets(String who, String direction) {
    return Long.parseLong(
        pod.machine
            .require(
                "ip",
                "netns",
                "exec",
                Machine.named(who),
                "cat",
                "/sys/class/net/tun0/statistics/" + direction + "_bytes")
            .strip());
  }

  private CertificateAuthority.Leaf person(String name) {
    return root.issueClient(name, KeyKind.EC_P256, Duration.ofDays(1), Instant.now(), random);
  }

  private GatewayState state(Integer mbps) {
    States state =
        States.gateway()
            .generation(pod.nextGeneration())
            .routes("10.96.0.0/24")
            .dns(new GatewayState.Dns(List.of(), List.of()))
            .roots(
                new GatewayState.TrustedRoot(
                    "root",
                    Thumbprint.sha256(root.certificate()).hex(),
                    Pem.certificate(root.certificate())))
            .openVpn(
                new GatewayState.OpenVpn(
                    2, "1.2", List.of(), List.of("AES-256-GCM", "AES-128-GCM"), 10, 60, 1400));
    return (mbps == null ? state : state.shapedMbps(mbps)).build();
  }
}

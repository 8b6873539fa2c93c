package dev.p2s.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.cluster.Command;
import dev.p2s.cluster.Installation;
import dev.p2s.cluster.TestCluster;
import dev.p2s.cluster.VpnClient;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code make demo} and {@code make demo-down}, beside a demo that a person may have up. Time
 * budget: 150 s, two starts of a cluster included.
 */
class DemoClusterIT {

  // Of a worktree's own, as its images are; what a killed run left is found again by it.
  private static final String NAME = "demo-it-" + Installation.TAG;
  private static final Duration SOON = Duration.ofMinutes(1);

  private final Demo demo = new Demo(NAME);

  @BeforeEach
  @AfterEach
  void nothingIsUp() {
    Demo.down(NAME);
  }

  @Test
  void givenNoDemo_whenItIsPlayed_thenAClientOutsideAsksAServiceAndDemoDownTakesAllAway() {
    Tour tour = new Tour(NAME);

    assertThat(demo.play(tour::go)).as("the demo succeeds").isTrue();

    Map<String, String> seen =
        demo.journal().steps().stream()
            .collect(Collectors.toMap(Journal.Step::name, Journal.Step::seen));
    assertThat(seen.get("it asks a Service by name"))
        .startsWith("http://echo.vpn.svc.cluster.local: pod=echo-");
    assertThat(seen.get("it pings a Pod")).startsWith("3 of 3 answered");
    assertThat(demo.journal().table()).contains("the gateway is Ready").contains("clients dial");
    assertThat(left()).as("the demo stays").isNotEmpty();
    assertThat(commandsOf(tour)).contains("office").contains("alice");

    Demo.down(NAME);

    assertThat(left()).isEmpty();
  }

  @Test
  void givenADemo_whenAStepFails_thenNothingOfItStaysBehind() {
    boolean succeeded =
        demo.play(
            journal -> {
              journal.step("a cluster", () -> TestCluster.start(NAME, true).nodeAddress());
              journal.step("a client", () -> VpnClient.kept("p2s-" + NAME + "-client", NAME).log());
              assertThat(left()).contains("\n");
              journal.step(
                  "a step that fails",
                  () -> {
                    throw new IllegalStateException("on purpose");
                  });
            });

    assertThat(succeeded).isFalse();
    assertThat(demo.journal().steps().getLast().seen()).isEqualTo("FAILED");
    assertThat(left()).isEmpty();
  }

  /** The first commands that the demo names work as they are printed. */
  private static String commandsOf(Tour tour) {
    String commands =
        tour.lookAround()
            .lines()
            .filter(line -> line.contains("export ") || line.contains("kubectl get "))
            .collect(Collectors.joining("\n"));
    return Command.of("bash", "-e", "-c", commands).run(SOON).required();
  }

  /** Containers, volume and kubeconfig of it, a line each. */
  private static String left() {
    return docker("ps", "-aq", "--filter", "label=dev.p2s.cluster=" + NAME)
        + docker("volume", "ls", "-q", "--filter", "name=kindcontainer-reuse-p2s-" + NAME)
        + (Files.exists(TestCluster.kubeconfig(NAME)) ? TestCluster.kubeconfig(NAME) : "");
  }

  private static String docker(String... words) {
    return Command.of(Stream.concat(Stream.of("docker"), Arrays.stream(words)).toList())
        .run(SOON)
        .required();
  }
}

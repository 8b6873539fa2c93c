package dev.p2s.bench;

import dev.p2s.cluster.Command;
import dev.p2s.cluster.Installation;
import dev.p2s.cluster.TestCluster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The image's operator as a container beside the cluster, against its API server: from {@code
 * docker run} until its readiness probe answers 200, and its memory when nothing happens.
 */
final class OperatorStart {

  private static final Duration STEP = Duration.ofMinutes(1);
  private static final int PORT = 18_480;

  /** Milliseconds and kB of anonymous memory. */
  record Measured(Samples start, Samples memory) {}

  private final TestCluster cluster;

  OperatorStart(TestCluster cluster) {
    this.cluster = cluster;
  }

  Measured measure(int times, String javaOptions) {
    List<Long> starts = new ArrayList<>();
    List<Double> memory = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      one(javaOptions, starts, memory);
    }
    return new Measured(Samples.of("ms", starts), Samples.of("MB", memory));
  }

  private void one(String javaOptions, List<Long> starts, List<Double> memory) {
    String id =
        docker(
                "run",
                "-d",
                "--network=host",
                "--memory=512m",
                "--user=0",
                "-v",
                cluster.kubeconfig() + ":/kubeconfig:ro",
                "-e",
                "KUBECONFIG=/kubeconfig",
                "-e",
                "P2S_JAVA_OPTIONS=" + javaOptions,
                "-e",
                "QUARKUS_HTTP_PORT=" + PORT,
                Installation.OPERATOR_IMAGE,
                "operator")
            .strip();
    try {
      awaitReady(id);
      // the container's own start is the engine's matter
      Instant begin = Instant.parse(docker("inspect", "-f", "{{.State.StartedAt}}", id).strip());
      starts.add(Duration.between(begin, Instant.now()).toMillis());
      Thread.sleep(5_000);
      String status = docker("exec", id, "sh", "-c", "grep RssAnon /proc/1/status");
      memory.add(Double.parseDouble(status.replaceAll("[^0-9]", "")) / 1024);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      docker("rm", "-f", id);
    }
  }

  private static void awaitReady(String id) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + PORT + "/q/health/ready")).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int i = 0; i < 6_000; i++) {
        try {
          if (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
            return;
          }
        } catch (IOException notYet) {
          // nothing listens so far
        }
        Thread.sleep(10);
      }
    }
    throw new IllegalStateException("the operator did not become ready\n" + docker("logs", id));
  }

  private static String docker(String... words) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(words));
    return Command.of(command).run(STEP).required();
  }
}

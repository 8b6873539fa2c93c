package dev.p2s.gateway;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.p2s.dataplane.AgentReport;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The streams of this operator replica to all agents that it knows. */
@ApplicationScoped
public class AgentStreams {

  private record Followed(ControlCredentials credentials, Map<String, AgentStream> byPod) {}

  private final Vertx vertx;
  private final ObjectMapper json;
  private final Map<ResourceID, Followed> gateways = new HashMap<>();

  public AgentStreams(Vertx vertx, ObjectMapper json) {
    this.vertx = vertx;
    this.json = json;
  }

  /**
   * Keeps one stream to each of a gateway's running pods, and to no other.
   *
   * @param changed called, on an event loop, when any of the reports has changed
   */
  synchronized void follow(
      ResourceID gateway,
      List<Pod> pods,
      ControlCredentials credentials,
      Consumer<ResourceID> changed) {
    Map<String, String> addresses =
        pods.stream()
            .filter(pod -> pod.getStatus() != null && pod.getStatus().getPodIP() != null)
            .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
            .collect(
                Collectors.toMap(
                    pod -> pod.getMetadata().getName(), pod -> pod.getStatus().getPodIP()));
    Followed followed = gateways.get(gateway);
    if (followed != null && !followed.credentials().equals(credentials)) {
      forget(gateway);
      followed = null;
    }
    if (followed == null) {
      followed = new Followed(credentials, new TreeMap<>());
      gateways.put(gateway, followed);
    }
    followed
        .byPod()
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !entry.getValue().address().equals(addresses.get(entry.getKey()));
              if (gone) {
                entry.getValue().close();
              }
              return gone;
            });
    for (var entry : addresses.entrySet()) {
      followed
          .byPod()
          .computeIfAbsent(
              entry.getKey(),
              pod ->
                  new AgentStream(
                      vertx, json, entry.getValue(), credentials, () -> changed.accept(gateway)));
    }
  }

  /** Ends the streams of a gateway that is gone. */
  synchronized void forget(ResourceID gateway) {
    Followed followed = gateways.remove(gateway);
    if (followed != null) {
      followed.byPod().values().forEach(AgentStream::close);
    }
  }

  /** Ends the streams of every gateway that is not among those that exist. */
  synchronized void retain(Set<ResourceID> existing) {
    List.copyOf(gateways.keySet()).stream()
        .filter(gateway -> !existing.contains(gateway))
        .forEach(this::forget);
  }

  /** The newest reports of a gateway's agents, by pod name. */
  synchronized Map<String, AgentReport> reports(ResourceID gateway) {
    Map<String, AgentReport> reports = new TreeMap<>();
    Followed followed = gateways.get(gateway);
    if (followed != null) {
      followed
          .byPod()
          .forEach((pod, stream) -> stream.report().ifPresent(report -> reports.put(pod, report)));
    }
    return reports;
  }

  @PreDestroy
  synchronized void close() {
    List.copyOf(gateways.keySet()).forEach(this::forget);
  }
}

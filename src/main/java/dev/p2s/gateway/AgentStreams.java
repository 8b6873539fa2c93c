package dev.p2s.gateway;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.LastAddress;
import dev.p2s.dataplane.RefusedAttempt;
import dev.p2s.dataplane.SessionWord;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** The streams of this operator replica to all agents that it knows. */
@ApplicationScoped
public class AgentStreams {

  private static final Logger LOG = Logger.getLogger(AgentStreams.class);

  private record Followed(ControlCredentials credentials, Map<String, AgentStream> byPod) {}

  /** Who is told that something of a gateway's pods has changed, on an event loop. */
  private final List<Consumer<ResourceID>> listeners = new CopyOnWriteArrayList<>();

  private final Vertx vertx;
  private final ObjectMapper json;
  private final Map<ResourceID, Followed> gateways = new HashMap<>();

  public AgentStreams(Vertx vertx, ObjectMapper json) {
    this.vertx = vertx;
    this.json = json;
  }

  /**
   * @param listener called, on an event loop, when any of a gateway's reports has changed
   */
  public void listen(Consumer<ResourceID> listener) {
    listeners.add(listener);
  }

  /** Keeps one stream to each of a gateway's running pods, and to no other. */
  synchronized void follow(ResourceID gateway, List<Pod> pods, ControlCredentials credentials) {
    Map<String, Pod> running =
        pods.stream()
            .filter(pod -> pod.getStatus() != null && pod.getStatus().getPodIP() != null)
            .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
            .collect(Collectors.toMap(pod -> pod.getMetadata().getName(), Function.identity()));
    Followed followed = gateways.get(gateway);
    if (followed != null && !followed.credentials().equals(credentials)) {
      forget(gateway);
      followed = null;
    }
    if (followed == null) {
      followed = new Followed(credentials, new TreeMap<>());
      gateways.put(gateway, followed);
    }
    Map<String, AgentStream> byPod = followed.byPod();
    byPod
        .entrySet()
        .removeIf(
            entry -> {
              Pod pod = running.get(entry.getKey());
              boolean gone =
                  pod == null || !entry.getValue().address().equals(pod.getStatus().getPodIP());
              if (gone) {
                entry.getValue().close();
              }
              return gone;
            });
    running.forEach(
        (name, pod) ->
            byPod.computeIfAbsent(
                name,
                fresh ->
                    new AgentStream(
                        vertx,
                        json,
                        pod.getStatus().getPodIP(),
                        ClientPort.overTcp(pod),
                        credentials,
                        () -> changed(gateway))));
  }

  /** Ends the streams of a gateway that is gone. */
  synchronized void forget(ResourceID gateway) {
    Followed followed = gateways.remove(gateway);
    if (followed != null) {
      followed.byPod().values().forEach(AgentStream::close);
      changed(gateway);
    }
  }

  /** Ends the streams of every gateway that is not among those that exist. */
  synchronized void retain(Set<ResourceID> existing) {
    List.copyOf(gateways.keySet()).stream()
        .filter(gateway -> !existing.contains(gateway))
        .forEach(this::forget);
  }

  /** The gateways that are followed. */
  public synchronized Set<ResourceID> gateways() {
    return Set.copyOf(gateways.keySet());
  }

  /** Every pod that is followed, with its newest report where it is heard. */
  public synchronized Map<String, Optional<AgentReport>> heard(ResourceID gateway) {
    Map<String, Optional<AgentReport>> heard = new TreeMap<>();
    Followed followed = gateways.get(gateway);
    if (followed != null) {
      followed.byPod().forEach((pod, stream) -> heard.put(pod, stream.report()));
    }
    return heard;
  }

  /** The pod's stream; empty where it is not followed. */
  private synchronized Optional<AgentStream> stream(ResourceID gateway, String pod) {
    return Optional.ofNullable(gateways.get(gateway)).map(followed -> followed.byPod().get(pod));
  }

  /**
   * Ends a session; false where the pod has none of that id, a failure where it cannot be asked.
   */
  public Future<Boolean> end(ResourceID gateway, String pod, String session, SessionWord word) {
    return stream(gateway, pod)
        .map(stream -> stream.end(session, word))
        .orElseGet(() -> Future.succeededFuture(false));
  }

  /** Tells a gateway's pods, but those that leave, what addresses people had at other pods. */
  synchronized void tell(
      ResourceID gateway, Set<String> leaving, List<LastAddress> addresses, Instant now) {
    Followed followed = gateways.get(gateway);
    if (followed != null) {
      followed
          .byPod()
          .forEach(
              (pod, stream) -> {
                if (!leaving.contains(pod)) {
                  stream.tell(addresses, now);
                }
              });
    }
  }

  /**
   * Whom a gateway's pods turned away lately, oldest first; pods that are not heard are left out.
   */
  public Future<List<RefusedAttempt>> attempts(ResourceID gateway) {
    List<Future<List<RefusedAttempt>>> asked =
        heard(gateway).keySet().stream()
            .flatMap(pod -> stream(gateway, pod).stream())
            .map(AgentStreams::attemptsIfTold)
            .toList();
    return Future.all(asked)
        .map(
            all ->
                asked.stream()
                    .flatMap(future -> future.result().stream())
                    .sorted(Comparator.comparing(RefusedAttempt::last))
                    .toList());
  }

  private static Future<List<RefusedAttempt>> attemptsIfTold(AgentStream stream) {
    return stream
        .attempts()
        .onFailure(
            why ->
                LOG.warnf(
                    "agent at %s does not tell whom it turned away: %s",
                    stream.address(), why.getMessage()))
        .otherwise(List.of());
  }

  private void changed(ResourceID gateway) {
    listeners.forEach(listener -> listener.accept(gateway));
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

  /** Whether a pod that was dialled only just now may still report; it or its silence is told. */
  synchronized boolean awaitsReports(ResourceID gateway) {
    Followed followed = gateways.get(gateway);
    return followed != null && followed.byPod().values().stream().anyMatch(AgentStream::isAwaited);
  }

  /** The pods of a gateway that have vanished since this was last asked. */
  synchronized Set<String> takeLost(ResourceID gateway) {
    Followed followed = gateways.get(gateway);
    return followed == null
        ? Set.of()
        : followed.byPod().entrySet().stream()
            .filter(pod -> pod.getValue().takeLost())
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
  }

  @PreDestroy
  synchronized void close() {
    List.copyOf(gateways.keySet()).forEach(this::forget);
  }
}

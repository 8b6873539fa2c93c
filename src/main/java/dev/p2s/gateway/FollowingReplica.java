package dev.p2s.gateway;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Dials every gateway's agents on an operator replica that does not lead, so that it can answer for
 * them too. Where the replica leads, the reconciler does that and this rests.
 */
@Singleton
public class FollowingReplica implements AutoCloseable {

  /** How often a gateway is looked at though nothing has happened. */
  private static final long AGAIN_MILLIS = 60_000;

  private final KubernetesClient client;
  private final AgentStreams streams;
  private final Optional<List<String>> namespaces;
  private final List<SharedIndexInformer<Pod>> informers = new ArrayList<>();
  private BooleanSupplier leads = () -> true;

  FollowingReplica(
      KubernetesClient client,
      AgentStreams streams,
      // QOSDK's own property holds a word of its own where none is set
      @ConfigProperty(name = "p2s.operator.watch-namespaces") Optional<List<String>> namespaces) {
    this.client = client;
    this.streams = streams;
    this.namespaces = namespaces;
  }

  /**
   * Begins to follow.
   *
   * @param leading whether this replica's reconcilers are at work
   */
  public void start(BooleanSupplier leading) {
    leads = leading;
    namespaces
        .<List<SharedIndexInformer<Pod>>>map(
            some -> some.stream().map(where -> informer(Optional.of(where))).toList())
        .orElseGet(() -> List.of(informer(Optional.empty())))
        .forEach(informers::add);
    for (SharedIndexInformer<Pod> informer : informers) {
      informer.exceptionHandler((started, problem) -> true);
      informer.addEventHandler(new OnPod());
      var unused = informer.start();
    }
  }

  /** Whether every agent of every gateway that has pods is heard. */
  public boolean isComplete() {
    return informers.stream().allMatch(SharedIndexInformer::hasSynced)
        && informers.stream()
            .flatMap(informer -> informer.getStore().list().stream())
            .flatMap(pod -> GatewaySources.gatewayOf(pod).stream())
            .distinct()
            .map(streams::heard)
            .allMatch(
                pods -> !pods.isEmpty() && pods.values().stream().allMatch(Optional::isPresent));
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::stop);
  }

  private SharedIndexInformer<Pod> informer(Optional<String> namespace) {
    var pods = client.pods();
    return (namespace.isPresent() ? pods.inNamespace(namespace.get()) : pods.inAnyNamespace())
        .withLabel(GatewayLabels.COMPONENT, GatewayLabels.COMPONENT_GATEWAY)
        .withLabel(GatewayLabels.GATEWAY)
        .runnableInformer(AGAIN_MILLIS);
  }

  private void look(ResourceID gateway) {
    if (leads.getAsBoolean()) {
      return;
    }
    List<Pod> pods =
        informers.stream()
            .flatMap(informer -> informer.getStore().list().stream())
            .filter(pod -> GatewaySources.gatewayOf(pod).contains(gateway))
            .toList();
    if (pods.isEmpty()) {
      streams.forget(gateway);
    } else {
      credentials(gateway).ifPresent(found -> streams.follow(gateway, pods, found));
    }
  }

  private Optional<ControlCredentials> credentials(ResourceID gateway) {
    Secret control =
        client
            .secrets()
            .inNamespace(gateway.getNamespace().orElseThrow())
            .withName(GatewayKeyRing.controlName(gateway.getName()))
            .get();
    return Optional.ofNullable(control)
        .map(
            secret ->
                new ControlCredentials(
                    GatewayStatePlan.text(secret, "ca.crt"),
                    GatewayStatePlan.text(secret, "operator.crt"),
                    GatewayStatePlan.text(secret, "operator.key")));
  }

  private final class OnPod implements ResourceEventHandler<Pod> {

    @Override
    public void onAdd(Pod pod) {
      GatewaySources.gatewayOf(pod).forEach(FollowingReplica.this::look);
    }

    @Override
    public void onUpdate(Pod before, Pod now) {
      GatewaySources.gatewayOf(now).forEach(FollowingReplica.this::look);
    }

    @Override
    public void onDelete(Pod pod, boolean unknown) {
      GatewaySources.gatewayOf(pod).forEach(FollowingReplica.this::look);
    }
  }
}

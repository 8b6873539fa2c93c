package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.P2SGatewayStatus;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the status of a P2SGateway says: a function of what was judged and seen. */
final class GatewayStatusFactory {

  /**
   * What happened to the newest spec.
   *
   * @param accepted whether the newest spec was accepted
   * @param reason why, typed
   * @param message why, for a person
   */
  record Judgement(boolean accepted, Enum<?> reason, String message) {}

  /**
   * What runs.
   *
   * @param gateway the accepted gateway that is in force; the newest spec or an earlier one
   * @param stateHash SHA-256 of the {@code state.json} that agents should follow
   * @param endpoint what clients dial; empty while nobody knows
   * @param pods the gateway's pods
   * @param podTrouble why a pod cannot be made or started; empty where nothing is wrong
   * @param reports the agents' newest reports by pod name
   * @param serverCertificate thumbprint and end of the server certificate
   * @param use connections and addresses, sampled at most twice a minute
   * @param outdatedPods pods that run an earlier template
   * @param rollout what is done about them
   * @param roots names of the RootCertificates that count
   * @param autoscaler what moves the number of pods; empty where nothing does
   * @param replicaAddresses where each replica has an address of its own: those that are known
   * @param nodes where pods run
   * @param network what is seen of clients' traffic behind the gateway
   */
  record Running(
      ResolvedGateway gateway,
      String stateHash,
      Optional<GatewayEndpoint> endpoint,
      List<Pod> pods,
      Optional<String> podTrouble,
      Map<String, AgentReport> reports,
      P2SGatewayStatus.ServerCertificate serverCertificate,
      GatewayUse use,
      List<String> outdatedPods,
      Rollout.Step rollout,
      List<String> roots,
      Optional<HorizontalPodAutoscaler> autoscaler,
      List<String> replicaAddresses,
      ClusterNodes nodes,
      NetworkView network) {}

  private final Clock clock;

  GatewayStatusFactory(Clock clock) {
    this.clock = clock;
  }

  /** Where nothing of the gateway runs, since no spec of it was ever accepted. */
  P2SGatewayStatus notAccepted(P2SGateway resource, Judgement judgement) {
    Conditions conditions = conditions(resource);
    conditions.no(Conditions.ACCEPTED, judgement.reason(), judgement.message());
    conditions.no(
        Conditions.PROGRAMMED, GatewayReason.NotAccepted, "nothing runs: " + judgement.message());
    conditions.no(Conditions.READY, GatewayReason.NotAccepted, "nothing runs");
    return new P2SGatewayStatus(
        generation(resource),
        null,
        conditions.list(),
        null,
        null,
        null,
        null,
        0,
        GatewayLabels.selectorText(resource.getMetadata().getName()),
        null,
        null,
        null,
        null,
        null,
        null,
        judgement.reason().name(),
        null,
        null,
        null,
        null,
        null);
  }

  /** Where a kept Secret cannot be read: nothing is changed, and what was told before stays. */
  P2SGatewayStatus damaged(P2SGateway resource, Judgement judgement, String damage) {
    Conditions conditions = conditions(resource);
    if (judgement.accepted()) {
      conditions.yes(Conditions.ACCEPTED, judgement.reason(), judgement.message());
    } else {
      conditions.no(Conditions.ACCEPTED, judgement.reason(), judgement.message());
    }
    conditions.no(Conditions.PROGRAMMED, GatewayReason.SecretDamaged, damage);
    conditions.unknown(
        Conditions.READY, GatewayReason.SecretDamaged, "pods that run go on running; " + damage);
    P2SGatewayStatus before =
        resource.getStatus() == null ? notAccepted(resource, judgement) : resource.getStatus();
    return new P2SGatewayStatus(
        generation(resource),
        before.programmedGeneration(),
        conditions.list(),
        before.endpoint(),
        before.sku(),
        before.tunnels(),
        before.authentication(),
        before.replicas(),
        before.selector(),
        before.connected(),
        before.serverCertificate(),
        before.routes(),
        before.returnRoutes(),
        before.skuRow(),
        before.policies(),
        inAWord(conditions),
        before.clientAddressPools(),
        before.roots(),
        before.egressAddresses(),
        before.tokenIssuer(),
        before.radius());
  }

  /** Where something runs: the newest spec, or an earlier one that was accepted. */
  P2SGatewayStatus running(P2SGateway resource, Judgement judgement, Running running) {
    Conditions conditions = conditions(resource);
    if (judgement.accepted()) {
      conditions.yes(Conditions.ACCEPTED, judgement.reason(), judgement.message());
    } else {
      conditions.no(Conditions.ACCEPTED, judgement.reason(), judgement.message());
    }
    boolean programmed = programmed(conditions, judgement, running);
    ReadyStatus.tell(conditions, running, programmed);
    RolloutStatus.tell(conditions, running);
    ResolvedGateway gateway = running.gateway();
    running.use().connections().tell(conditions, gateway);
    GatewayAutoscaler.tell(conditions, running.autoscaler());
    if (gateway.suppliedCertificate() != null) {
      gateway.suppliedCertificate().tell(conditions);
    }
    if (gateway.radius() != null) {
      gateway.radius().tell(conditions);
    }
    Optional<RadiusReachability> radius =
        RadiusReachability.of(gateway, running.reports().values(), running.pods());
    radius.ifPresent(servers -> servers.tell(conditions));
    Optional<IssuerReachability> issuer =
        IssuerReachability.of(gateway.tokenIssuer(), running.reports().values());
    issuer.ifPresent(keys -> keys.tell(conditions));
    EspPlaces.tell(conditions, running.reports().values());
    ZoneStatus.tell(conditions, gateway, running.pods(), running.nodes());
    return new P2SGatewayStatus(
        generation(resource),
        programmed ? (Long) gateway.generation() : previousProgrammed(resource),
        conditions.list(),
        running
            .endpoint()
            .map(
                endpoint ->
                    new P2SGatewayStatus.Endpoint(
                        gateway.fqdn().map(Object::toString).orElse(null),
                        endpoint.address(),
                        endpoint.port(),
                        running.replicaAddresses().isEmpty() ? null : running.replicaAddresses()))
            .orElse(null),
        gateway.sku().name(),
        joined(gateway.tunnelTypes()),
        joined(gateway.authenticationTypes()),
        running.pods().size(),
        GatewayLabels.selectorText(gateway.name()),
        running.use().connections().text(gateway),
        running.serverCertificate(),
        gateway.tunnelled().stream().map(Object::toString).toList(),
        running.network().returnRoutes(),
        GatewayStatusRows.sku(gateway.sku()),
        GatewayStatusRows.policies(gateway),
        inAWord(conditions),
        GatewayStatusRows.pools(gateway, running.use()),
        running.roots(),
        running.network().egressAddresses(),
        issuer.map(IssuerReachability::status).orElse(null),
        radius.map(RadiusReachability::status).orElse(null));
  }

  /** The reason of the first condition that does not hold, in the order in which they depend. */
  private static String inAWord(Conditions conditions) {
    Map<String, Condition> told =
        conditions.list().stream().collect(Collectors.toMap(Condition::getType, c -> c));
    return Stream.of(Conditions.ACCEPTED, Conditions.PROGRAMMED, Conditions.READY)
        .map(told::get)
        .filter(condition -> !condition.getStatus().equals("True"))
        .findFirst()
        .orElse(told.get(Conditions.PROGRAMMED))
        .getReason();
  }

  private boolean programmed(Conditions conditions, Judgement judgement, Running running) {
    if (running.podTrouble().isPresent()) {
      conditions.no(
          Conditions.PROGRAMMED, GatewayReason.PodsRefused, running.podTrouble().orElseThrow());
      return false;
    }
    if (running.reports().isEmpty()) {
      conditions.no(
          Conditions.PROGRAMMED,
          GatewayReason.WaitingForPods,
          "no gateway pod has reported yet; " + running.pods().size() + " exist");
      return false;
    }
    Optional<AgentReport> behind =
        running.reports().values().stream()
            .filter(r -> !r.programmed() || !Objects.equals(r.stateHash(), running.stateHash()))
            .findFirst();
    if (behind.isPresent() || running.reports().size() < running.gateway().scaling().replicas()) {
      String what =
          behind
              .map(r -> r.pod() + (r.message().isEmpty() ? "" : ": " + r.message()))
              .orElse(
                  running.reports().size()
                      + " of "
                      + running.gateway().scaling().replicas()
                      + " pods");
      conditions.no(Conditions.PROGRAMMED, GatewayReason.Programming, "in progress: " + what);
      return false;
    }
    if (judgement.accepted()) {
      conditions.yes(
          Conditions.PROGRAMMED,
          GatewayReason.Programmed,
          "generation " + running.gateway().generation() + " runs");
    } else {
      conditions.no(
          Conditions.PROGRAMMED,
          GatewayReason.RunsEarlierSpec,
          "generation "
              + running.gateway().generation()
              + " goes on running, since the newest spec is refused: "
              + judgement.message());
    }
    return true;
  }

  /** Whether the status says that every pod follows the spec that was accepted last. */
  static boolean wasProgrammed(P2SGateway resource) {
    return resource.getStatus() != null
        && resource.getStatus().conditions() != null
        && resource.getStatus().conditions().stream()
            .anyMatch(
                c -> c.getType().equals(Conditions.PROGRAMMED) && c.getStatus().equals("True"));
  }

  static boolean isReady(Pod pod) {
    return pod.getStatus() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  private Conditions conditions(P2SGateway resource) {
    List<Condition> previous =
        resource.getStatus() == null ? null : resource.getStatus().conditions();
    return new Conditions(previous, generation(resource), clock.instant());
  }

  private static long generation(P2SGateway resource) {
    return resource.getMetadata().getGeneration();
  }

  private static String joined(Set<? extends Enum<?>> values) {
    return values.stream().map(Enum::name).sorted().collect(Collectors.joining(","));
  }

  private static Long previousProgrammed(P2SGateway resource) {
    return resource.getStatus() == null ? null : resource.getStatus().programmedGeneration();
  }
}

package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.P2SGatewayStatus;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.GatewayState.TrustedRoot;
import dev.p2s.dataplane.SessionWord;
import dev.p2s.observability.ConditionEvents;
import dev.p2s.status.StatusWriter;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes of a P2SGateway what its spec asks for: read, judge, write, tell. */
// the default gives up after five attempts, and an API server may be away for longer
@GradualRetry(initialInterval = 500, maxInterval = 30_000, maxAttempts = 100_000)
@ControllerConfiguration(
    name = "p2sgateway",
    informer = @Informer(comparableResourceVersions = false),
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = 5, timeUnit = TimeUnit.MINUTES))
public class GatewayReconciler implements Reconciler<P2SGateway> {

  private static final Duration AFTER_CONFLICT = Duration.ofMillis(200);

  /** Nothing tells that cert-manager was installed, or what it says. */
  private static final Duration ASK_AGAIN = Duration.ofSeconds(10);

  private final GatewaySources sources;
  private final CertificateOrders orders;
  private final GatewayObserver observer;
  private final GatewayJudge judge;
  private final GatewayKeyRing keyRing;
  private final DataPlaneImages images;
  private final AgentStreams streams;
  private final LastAddresses lastAddresses;
  private final ConnectionSamples samples;
  private final LostPods lostPods;
  private final GatewayMeters meters;
  private final StatusWriter<P2SGateway, P2SGatewayStatus> writer;
  private final ConditionEvents events;
  private final GatewayStatusFactory statuses;

  public GatewayReconciler(
      KubernetesClient client,
      Clock clock,
      SecureRandom random,
      ClusterFactsReader facts,
      AgentStreams streams,
      GatewayMeters meters,
      DataPlaneImages images,
      GatewayRoots roots,
      GatewayJudge.Validation validation,
      ConditionEvents events) {
    this.sources = new GatewaySources(client);
    this.orders = new CertificateOrders(client);
    this.observer = new GatewayObserver(client, sources, facts, roots, orders, clock);
    this.judge = new GatewayJudge(validation);
    this.keyRing =
        new GatewayKeyRing(
            client,
            (namespace, name) -> sources.owned().get(Secret.class, namespace, name),
            clock,
            random);
    this.images = images;
    this.streams = streams;
    this.lostPods = new LostPods(client, clock);
    this.meters = meters;
    streams.listen(sources::reported);
    this.lastAddresses = new LastAddresses(streams, clock);
    this.samples = new ConnectionSamples(clock);
    this.statuses = new GatewayStatusFactory(clock);
    this.events = events;
    this.writer = new StatusWriter<>(P2SGateway::new, P2SGatewayStatus::conditions, events);
  }

  @Override
  public List<EventSource<?, P2SGateway>> prepareEventSources(
      EventSourceContext<P2SGateway> context) {
    return sources.prepare(context);
  }

  @Override
  public UpdateControl<P2SGateway> reconcile(P2SGateway resource, Context<P2SGateway> context) {
    GatewayObservation seen =
        observer.observe(
            resource,
            context.getPrimaryCache().list(other -> !sameObject(other, resource)).toList());
    GatewayJudge.Verdict verdict = judge.judge(resource, seen);
    orders.follow(resource, seen, verdict.judgement());
    if (verdict.inForce().isEmpty()) {
      UpdateControl<P2SGateway> told =
          writer.write(resource, statuses.notAccepted(resource, verdict.judgement()));
      return verdict.judgement().reason() == GatewayRefusal.ServerCertificateAwaited
          ? told.rescheduleAfter(ASK_AGAIN)
          : told;
    }
    try {
      return programmed(resource, seen, verdict, context);
    } catch (DamagedSecretException e) {
      return writer.write(
          resource, statuses.damaged(resource, verdict.judgement(), e.getMessage()));
    }
  }

  private UpdateControl<P2SGateway> programmed(
      P2SGateway resource,
      GatewayObservation seen,
      GatewayJudge.Verdict verdict,
      Context<P2SGateway> context) {
    ResolvedGateway gateway = verdict.inForce().orElseThrow();
    GatewayKeys keys =
        keyRing.keys(
            gateway,
            seen.state(),
            GatewayEndpoint.subjectAlternativeNames(gateway, seen.frontService(), seen.facts()));
    ResourceID id = ResourceID.fromResource(resource);
    Set<ResourceID> gateways =
        context.getPrimaryCache().list().map(ResourceID::fromResource).collect(Collectors.toSet());
    streams.retain(gateways);
    meters.retain(gateways);
    lastAddresses.retain(gateways);
    sources.secrets().retain(gateways);
    sources.nodes().retain(gateways);
    sources.services().retain(gateways);
    streams.follow(id, seen.allPods(), keys.controlCredentials());
    // asked first: a report that comes in between is read, or is followed by another look
    boolean awaited = streams.awaitsReports(id);
    Map<String, AgentReport> reports = streams.reports(id);
    lostPods.takeOut(LostPods.of(seen.pods(), streams.takeLost(id), reports.keySet()));
    if (gateway.sessions().newestOnly()) {
      DuplicateSessions.of(reports.values())
          .forEach(one -> streams.end(id, one.pod(), one.session(), SessionWord.REPLACE));
    }
    lastAddresses.tell(id, gateway, reports, seen.leavingPods());
    Rollout.Step rollout = rollout(gateway, seen, reports);
    gateway = gateway.withReplicas(Math.max(rollout.replicas(), evacuated(gateway, seen)));
    GatewayStatePlan state =
        new GatewayStatePlan(
            gateway,
            seen.trustedRoots(),
            seen.issuedAndRevoked(),
            GatewayShares.next(gateway, seen, reports),
            ServingReplicas.of(gateway, seen.pods(), seen.replicaServices()));
    if (!sources
        .owned()
        .applyOver(seen.state(), state.secret(verdict.acceptedSpec(), keys), context)) {
      // shares are planned from the newest state or not at all
      return UpdateControl.<P2SGateway>noUpdate().rescheduleAfter(AFTER_CONFLICT);
    }
    RemovedRoots.told(seen.rootsSoFar(), seen.trustedRoots(), reports.values())
        .forEach(what -> events.happened(resource, what));
    GatewayPlan plan = new GatewayPlan(gateway, images);
    ReplicaServices services =
        ReplicaServices.plan(gateway, seen.allPods(), seen.replicaServices());
    for (HasMetadata desired : together(services.wanted(), plan.resources())) {
      sources.owned().apply(desired, context);
    }
    for (HasMetadata obsolete : together(plan.obsolete(), services.obsolete())) {
      sources.owned().delete(obsolete);
    }
    rollout
        .replace()
        .ifPresent(pod -> sources.owned().delete(Pod.class, id.getNamespace().orElseThrow(), pod));
    GatewayUse live = GatewayUse.of(reports.values(), gateway.columns());
    meters.measured(
        id,
        live.connections().all(),
        gateway.columns().stream().mapToInt(gateway::connectionLimit).sum());
    if (awaited && GatewayStatusFactory.wasProgrammed(resource)) {
      // an operator that starts has nothing better to tell yet
      return UpdateControl.noUpdate();
    }
    GatewayUse shown = samples.shown(id, live);
    UpdateControl<P2SGateway> told =
        writer.write(
            resource,
            statuses.running(
                resource,
                verdict.judgement(),
                new GatewayStatusFactory.Running(
                    gateway,
                    state.hash(),
                    GatewayEndpoint.of(gateway, seen.frontService(), seen.pods(), seen.facts()),
                    seen.pods(),
                    seen.podTrouble(),
                    seen.reportsOfStaying(reports),
                    GatewayKeyRing.describe(keys),
                    shown,
                    seen.outdatedPods(),
                    rollout,
                    seen.trustedRoots().stream().map(TrustedRoot::name).sorted().toList(),
                    seen.autoscaler(),
                    services.addresses(gateway, seen.replicaServices()),
                    seen.nodes(),
                    NetworkView.of(gateway, seen.allPods(), reports))));
    return shown.equals(live) ? told : told.rescheduleAfter(samples.untilNext(id));
  }

  private static Rollout.Step rollout(
      ResolvedGateway gateway, GatewayObservation seen, Map<String, AgentReport> reports) {
    Set<String> serving =
        seen.pods().stream()
            .filter(GatewayStatusFactory::isReady)
            .map(pod -> pod.getMetadata().getName())
            .filter(pod -> reports.containsKey(pod) && reports.get(pod).programmed())
            .collect(Collectors.toSet());
    return Rollout.next(
        gateway.name(),
        new Rollout.Seen(
            gateway.scaling().replicas(),
            GatewayScaling.mayAdd(gateway),
            serving,
            gateway.rolling() ? seen.outdatedPods() : List.of()));
  }

  private static int evacuated(ResolvedGateway gateway, GatewayObservation seen) {
    return Evacuation.replicas(
        gateway.scaling().replicas(),
        GatewayScaling.mayMove(gateway),
        seen.pods(),
        seen.leavingPods(),
        seen.nodes());
  }

  private static List<HasMetadata> together(
      List<? extends HasMetadata> some, List<? extends HasMetadata> others) {
    return Stream.<HasMetadata>concat(some.stream(), others.stream()).toList();
  }

  private static boolean sameObject(P2SGateway one, P2SGateway other) {
    return ResourceID.fromResource(one).equals(ResourceID.fromResource(other));
  }
}

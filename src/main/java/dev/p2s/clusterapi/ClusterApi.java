package dev.p2s.clusterapi;

import dev.p2s.gateway.AgentStreams;
import dev.p2s.gateway.FollowingReplica;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * The APIs that this replica of the operator serves through the cluster's API server. Every replica
 * serves, so each hears the agents itself, whoever leads.
 */
@Singleton
public class ClusterApi {

  private static final Logger LOG = Logger.getLogger(ClusterApi.class);
  private static final Duration SOON = Duration.ofSeconds(2);

  /** An agent that is not heard for so long is away, which is no reason not to serve. */
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

  /** An APIService that was made anew has no CA yet and is as good as away. */
  private static final Duration REGULARLY = Duration.ofSeconds(20);

  private final ClusterApiSettings settings;
  private final KubernetesClient client;
  private final Vertx vertx;
  private final Clock clock;
  private final SecureRandom random;
  private final AgentStreams streams;
  private final FollowingReplica replica;
  private final SessionFeed feed;

  private ApiListener listener;
  private FrontProxyWatch proxies;
  private ServingSecret secret;
  private ApiRegistrations registrations;
  private volatile FrontProxy proxy;
  private volatile Instant started;
  private volatile boolean complete;

  ClusterApi(
      ClusterApiSettings settings,
      KubernetesClient client,
      Vertx vertx,
      Clock clock,
      SecureRandom random,
      AgentStreams streams,
      FollowingReplica replica) {
    this.settings = settings;
    this.client = client;
    this.vertx = vertx;
    this.clock = clock;
    this.random = random;
    this.streams = streams;
    this.replica = replica;
    this.feed = new SessionFeed(clock);
  }

  /**
   * Begins to serve what the chart asks for, if anything.
   *
   * @param leads whether this replica's reconcilers are at work
   */
  public void start(BooleanSupplier leads) {
    if (!settings.enabled()) {
      return;
    }
    started = clock.instant();
    List<AggregatedGroup> groups = new ArrayList<>();
    if (settings.sessions()) {
      groups.add(new LiveGroup(feed, new StreamTalk(streams), clock));
    }
    if (settings.metrics()) {
      groups.add(new ConnectionMetrics(feed, clock));
    }
    listener =
        new ApiListener(vertx, settings.port(), new ApiRoutes(groups, new ClusterRoles(client)));
    secret =
        new ServingSecret(
            client, settings.namespace(), settings.secret(), settings.host(), clock, random);
    registrations = new ApiRegistrations(client, groups);
    streams.listen(gateway -> feed.heard(gateway, streams.heard(gateway)));
    vertx.setPeriodic(SOON.toMillis(), timer -> look());
    replica.start(leads);
    proxies =
        new FrontProxyWatch(
            client,
            next -> {
              proxy = next;
              serve();
            });
    proxies.start();
    schedule(SOON);
  }

  /** Ends to serve. */
  public void stop() {
    if (listener != null) {
      proxies.close();
      replica.close();
      listener.close();
    }
  }

  /**
   * Whether it serves as it should, or need not. One that has just started may have to hear the
   * agents first, for a while: that nobody is connected is an answer too.
   */
  public boolean isReady() {
    if (!settings.enabled()) {
      return true;
    }
    if (listener == null || !listener.listens()) {
      return false;
    }
    if (!complete) {
      complete = replica.isComplete() || started.plus(LONG_ENOUGH).isBefore(clock.instant());
    }
    return complete;
  }

  // pods that are not heard for long are forgotten though nothing happens
  private void look() {
    Set<ResourceID> known = new HashSet<>(feed.gateways());
    known.addAll(streams.gateways());
    known.forEach(gateway -> feed.heard(gateway, streams.heard(gateway)));
  }

  private void schedule(Duration delay) {
    vertx.setTimer(
        delay.toMillis(),
        timer ->
            vertx
                .executeBlocking(this::serve, false)
                .onComplete(next -> schedule(next.succeeded() ? next.result() : SOON)));
  }

  /** Serves with the newest keys for the newest front proxy; says when to look again. */
  private synchronized Duration serve() {
    if (proxy == null) {
      return SOON;
    }
    try {
      var keys = secret.keys();
      if (keys.isEmpty()) {
        return SOON;
      }
      listener
          .use(keys.get(), proxy)
          .onFailure(e -> LOG.errorf("the cluster API is not served: %s", e.getMessage()));
      return registrations.trust(keys.get().authority()) ? REGULARLY : SOON;
    } catch (KubernetesClientException e) {
      LOG.warnf("the cluster API's keys cannot be kept, trying again: %s", e.getMessage());
      return SOON;
    }
  }
}

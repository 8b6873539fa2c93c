package dev.p2s.clusterapi;

import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What the chart says of the APIs that the operator serves.
 *
 * @see ClusterApi
 */
@Singleton
class ClusterApiSettings {

  private final boolean sessions;
  private final boolean metrics;
  private final String service;
  private final int port;
  private final Optional<String> namespace;

  ClusterApiSettings(
      @ConfigProperty(name = "p2s.sessions-api.enabled", defaultValue = "false") boolean sessions,
      @ConfigProperty(name = "p2s.metrics-api.enabled", defaultValue = "false") boolean metrics,
      @ConfigProperty(name = "p2s.cluster-api.service", defaultValue = "p2s-api") String service,
      @ConfigProperty(name = "p2s.cluster-api.port", defaultValue = "8443") int port,
      @ConfigProperty(name = "p2s.operator.namespace") Optional<String> namespace) {
    this.sessions = sessions;
    this.metrics = metrics;
    this.service = service;
    this.port = port;
    this.namespace = namespace;
  }

  /** Whether {@code live.p2s.dev} is served. */
  boolean sessions() {
    return sessions;
  }

  /** Whether {@code external.metrics.k8s.io} is served. */
  boolean metrics() {
    return metrics;
  }

  /** Whether anything is served; outside a cluster nothing is. */
  boolean enabled() {
    return (sessions || metrics) && namespace.isPresent();
  }

  String namespace() {
    return namespace.orElseThrow();
  }

  /** The name by which the API server dials. */
  String host() {
    return service + "." + namespace() + ".svc";
  }

  /** The Secret that the serving keys are kept in. */
  String secret() {
    return service + "-tls";
  }

  int port() {
    return port;
  }
}

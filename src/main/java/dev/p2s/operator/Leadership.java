package dev.p2s.operator;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.quarkus.runtime.Quarkus;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Which of the operator's replicas writes: the holder of a Lease in the operator's own namespace.
 * One that loses it ends, since another writes by then; one that ends gives it back, so that the
 * next need not wait for its expiry.
 */
@Singleton
public class Leadership {

  private static final Logger LOG = Logger.getLogger(Leadership.class);
  private static final String LEASE = "p2s-gateway-operator";

  private final KubernetesClient client;
  private final Optional<String> namespace;
  private final Optional<String> pod;
  private final AtomicBoolean leading = new AtomicBoolean();
  private final AtomicBoolean resigning = new AtomicBoolean();

  public Leadership(
      KubernetesClient client,
      @ConfigProperty(name = "p2s.operator.namespace") Optional<String> namespace,
      @ConfigProperty(name = "p2s.operator.pod") Optional<String> pod) {
    this.client = client;
    this.namespace = namespace;
    this.pod = pod;
  }

  /** Empty outside a cluster, where there is one operator only. */
  Optional<LeaderElectionConfiguration> configuration() {
    return namespace.map(
        where ->
            // exitOnStopLeading would call System.exit inside the shutdown hook and never return
            new LeaderElectionConfiguration(
                LEASE,
                where,
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                pod.orElse(null),
                new LeaderCallbacks(
                    () -> leading.set(true), this::lost, leader -> LOG.infof("%s leads", leader)),
                false));
  }

  /** Whether this replica writes; outside a cluster it always does. */
  boolean leads() {
    return namespace.isEmpty() || leading.get();
  }

  /** Says that losing the lease from now on is no accident. */
  void resign() {
    resigning.set(true);
  }

  /** Gives the lease back; to be called when nothing is written any more. */
  void release() {
    if (namespace.isEmpty() || !leading.compareAndSet(true, false)) {
      return;
    }
    try {
      client.leases().inNamespace(namespace.orElseThrow()).withName(LEASE).edit(this::released);
    } catch (KubernetesClientException e) {
      LOG.warnf("the lease is not released, it expires: %s", e.getMessage());
    }
  }

  private Lease released(Lease lease) {
    if (pod.isPresent() && pod.orElseThrow().equals(lease.getSpec().getHolderIdentity())) {
      lease.getSpec().setHolderIdentity("");
      lease.getSpec().setLeaseDurationSeconds(1);
    }
    return lease;
  }

  private void lost() {
    if (!resigning.get()) {
      LOG.error("leadership is lost; another operator writes now");
      Quarkus.asyncExit(1);
    }
  }
}

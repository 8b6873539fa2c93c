package dev.p2s.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.GatewayState;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All that one reconciliation of a gateway reads.
 *
 * @param facts what the cluster tells about itself
 * @param otherGateways every other gateway of the cluster, whose pools this one's must not overlap
 * @param trustedRoots the resolved, accepted RootCertificates of this gateway
 * @param issuedAndRevoked certificates that the operator issued and took back
 * @param texts what the ConfigMaps and Secrets hold that the spec names
 * @param state the state Secret as it is; empty before the first acceptance
 * @param frontService the Service in front of the pods
 * @param replicaServices those of its replicas, where each has one
 * @param nodes where pods run
 * @param pods the gateway's pods that stay
 * @param leavingPods those that are on their way out
 * @param podTrouble why a pod cannot be made or started
 * @param outdatedPods pods that run an earlier template
 * @param autoscaler what moves the number of pods; empty where nothing does
 * @param radiusSecrets what the gateway shares with its RADIUS servers
 * @param suppliedCertificates server certificates of people's own
 * @param certificateOrder how far the one is that cert-manager is asked for
 * @param services the Services that policy groups name
 */
record GatewayObservation(
    ClusterFacts facts,
    List<P2SGateway> otherGateways,
    List<GatewayState.TrustedRoot> trustedRoots,
    List<GatewayState.Revocation> issuedAndRevoked,
    ReferencedTexts texts,
    Optional<Secret> state,
    Optional<Service> frontService,
    List<Service> replicaServices,
    ClusterNodes nodes,
    List<Pod> pods,
    List<Pod> leavingPods,
    Optional<String> podTrouble,
    List<String> outdatedPods,
    Optional<HorizontalPodAutoscaler> autoscaler,
    RadiusSecrets radiusSecrets,
    SuppliedCertificates suppliedCertificates,
    CertificateOrder certificateOrder,
    ServiceDestinations services) {

  /** The spec that was accepted last; empty where none was, or where nobody can read it. */
  Optional<P2SGatewaySpec> acceptedSpec() {
    return state.flatMap(
        secret -> {
          try {
            return Optional.of(GatewayStatePlan.acceptedSpec(secret));
          } catch (JsonProcessingException e) {
            return Optional.empty();
          }
        });
  }

  /** The roots that agents follow so far; none where nobody can read them. */
  List<GatewayState.TrustedRoot> rootsSoFar() {
    return state
        .map(
            secret -> {
              try {
                return GatewayStatePlan.state(secret).allRoots();
              } catch (JsonProcessingException e) {
                return List.<GatewayState.TrustedRoot>of();
              }
            })
        .orElse(List.of());
  }

  /** What the pods that stay have reported. */
  Map<String, AgentReport> reportsOfStaying(Map<String, AgentReport> reports) {
    Map<String, AgentReport> staying = new TreeMap<>(reports);
    leavingPods.forEach(pod -> staying.remove(pod.getMetadata().getName()));
    return staying;
  }

  /** Those that stay and those that leave. */
  List<Pod> allPods() {
    return Stream.concat(pods.stream(), leavingPods.stream()).toList();
  }
}

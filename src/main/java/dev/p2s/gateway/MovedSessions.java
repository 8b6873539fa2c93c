package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.AgentReport;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * IKEv2 sessions at a pod that leaves whose clients wait at another one for the same address. A
 * client that is redirected ends its connection here only once it has another one there, which
 * could then not have the address.
 *
 * @param pod that leaves
 * @param session its id
 */
record MovedSessions(String pod, String session) {

  /**
   * All of them, in the order of pods.
   *
   * @param reports newest by pod name
   * @param leaving names of pods that let nobody new in
   */
  static List<MovedSessions> of(Map<String, AgentReport> reports, Set<String> leaving) {
    Set<String> claimed =
        reports.entrySet().stream()
            .filter(pod -> !leaving.contains(pod.getKey()))
            .flatMap(pod -> pod.getValue().claims().stream())
            .map(Cidr::toString)
            .collect(Collectors.toSet());
    return reports.entrySet().stream()
        .filter(pod -> leaving.contains(pod.getKey()))
        .flatMap(
            pod ->
                pod.getValue().sessions().stream()
                    .filter(session -> session.protocol().equals(TunnelType.IKEv2.name()))
                    .filter(session -> claimed.contains(session.tunnelAddress() + "/32"))
                    .map(session -> new MovedSessions(pod.getKey(), session.id())))
        .toList();
  }
}

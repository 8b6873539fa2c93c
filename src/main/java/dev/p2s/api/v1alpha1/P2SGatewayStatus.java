package dev.p2s.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** What a gateway is. */
public record P2SGatewayStatus(
    Long observedGeneration,
    Long programmedGeneration,
    List<Condition> conditions,
    Endpoint endpoint,
    Integer replicas,
    String selector,
    Integer connections,
    Integer connectionLimit,
    ServerCertificate serverCertificate,
    List<String> routes) {

  public record Endpoint(String fqdn, String address, Integer port) {}

  public record ServerCertificate(String thumbprint, String notAfter) {}
}

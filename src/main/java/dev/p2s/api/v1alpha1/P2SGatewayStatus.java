package dev.p2s.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;

/** What a gateway is. */
public record P2SGatewayStatus(
    @JsonPropertyDescription("The generation that this status judges.") Long observedGeneration,
    @JsonPropertyDescription(
            "The generation that runs; an earlier one where the last edit was refused.")
        Long programmedGeneration,
    @JsonPropertyDescription("Accepted, Programmed, Ready, and UpdateAvailable where it holds.")
        List<Condition> conditions,
    @JsonPropertyDescription("What clients dial.") Endpoint endpoint,
    @JsonPropertyDescription("The SKU in force.") String sku,
    @JsonPropertyDescription("The tunnel types in force.") String tunnels,
    @JsonPropertyDescription("The authentication types in force.") String authentication,
    @JsonPropertyDescription("Gateway pods.") @StatusReplicas Integer replicas,
    @JsonPropertyDescription("Selects the gateway's pods.") @LabelSelector String selector,
    @JsonPropertyDescription(
            "Connections and the SKU's limit; moves at most twice a minute, the live figure is in the"
                + " metrics.")
        String connected,
    @JsonPropertyDescription("The OpenVPN server's certificate.")
        ServerCertificate serverCertificate,
    @JsonPropertyDescription("The routes that clients are told.") List<String> routes) {

  /** What clients dial. */
  public record Endpoint(
      @JsonPropertyDescription("The stable name, where the spec has one.") String fqdn,
      @JsonPropertyDescription("The name or numeric address in the packages.") String address,
      @JsonPropertyDescription("TCP port.") Integer port) {}

  /** A certificate in use. */
  public record ServerCertificate(
      @JsonPropertyDescription("SHA-1, as clients show it.") String thumbprint,
      @JsonPropertyDescription("When it ends; it is renewed before.") String notAfter) {}
}

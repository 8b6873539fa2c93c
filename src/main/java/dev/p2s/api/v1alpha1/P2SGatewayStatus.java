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
    @JsonPropertyDescription(
            "Accepted, Programmed, Ready; UpdateAvailable and ResizePending where they hold.")
        List<Condition> conditions,
    @JsonPropertyDescription("What clients dial.") Endpoint endpoint,
    @JsonPropertyDescription("The SKU in force.") String sku,
    @JsonPropertyDescription("The tunnel types in force.") String tunnels,
    @JsonPropertyDescription("The authentication types in force.") String authentication,
    @JsonPropertyDescription("Gateway pods.") @StatusReplicas Integer replicas,
    @JsonPropertyDescription("Selects the gateway's pods.") @LabelSelector String selector,
    @JsonPropertyDescription(
            "Connections and the SKU's limit, SSTP's apart; moves at most twice a minute, the live figure"
                + " is in the metrics.")
        String connected,
    @JsonPropertyDescription("The certificate that the servers show.")
        ServerCertificate serverCertificate,
    @JsonPropertyDescription("The routes that clients are told.") List<String> routes,
    @JsonPropertyDescription(
            "The routes to clients that the network needs; said with snat false, where the network"
                + " sees their addresses.")
        List<ReturnRoute> returnRoutes,
    @JsonPropertyDescription("The figures of the SKU in force.") SkuRow skuRow,
    @JsonPropertyDescription("What is offered to clients, in order.") Policies policies,
    @JsonPropertyDescription(
            "Whether it is fine, in a word: the first thing that is wrong, else Programmed.")
        String reason,
    @JsonPropertyDescription(
            "The pools in force and how much of each is used; moves with connected.")
        List<PoolUse> clientAddressPools,
    @JsonPropertyDescription("The RootCertificates whose clients are admitted.") List<String> roots,
    @JsonPropertyDescription(
            "Where sessions' traffic seems to come from, for firewalls: the pods' addresses, and their"
                + " nodes' outside the cluster's network; with snat: false the clients' own.")
        List<String> egressAddresses,
    @JsonPropertyDescription("What access tokens have to say; absent where none let people in.")
        TokenIssuer tokenIssuer,
    @JsonPropertyDescription("The RADIUS servers; absent where nobody logs in by RADIUS.")
        Radius radius) {

  /** What is known of the RADIUS servers. */
  public record Radius(
      @JsonPropertyDescription("Each server that a pod has asked.") List<RadiusServer> servers,
      @JsonPropertyDescription(
              "What to enter as RADIUS clients: the nodes' addresses, and the pods' for networks that"
                  + " show these.")
          List<String> sourceAddresses) {}

  /** A RADIUS server. */
  public record RadiusServer(
      @JsonPropertyDescription("Numeric address.") String address,
      @JsonPropertyDescription("Whether it answers; absent while nobody knows.") Boolean reachable,
      @JsonPropertyDescription("When it last answered; to the hour while it does.")
          String lastReply) {}

  /** Whose access tokens count. */
  public record TokenIssuer(
      @JsonPropertyDescription("What iss has to be, to the letter.") String issuer,
      @JsonPropertyDescription("What aud has to be, or to contain.") String audience,
      @JsonPropertyDescription(
              "When the keys that sign tokens were fetched, by the pod that did so longest ago. They are"
                  + " renewed hourly, and serve for a day while the issuer cannot be reached. Absent"
                  + " while a pod has none.")
          String keysSince) {}

  /** How much of a pool is used. */
  public record PoolUse(
      @JsonPropertyDescription("The pool.") String cidr,
      @JsonPropertyDescription(
              "Addresses that clients have; not said of an IPv6 pool, which goes with the others.")
          Long used,
      @JsonPropertyDescription(
              "Addresses that clients can have: all but the gateway's own, the network's and the"
                  + " broadcast's.")
          Long size) {}

  /** A row of the seed's SKU table, or the figures that the spec gives. */
  public record SkuRow(
      @JsonPropertyDescription("Generation1 or Generation2; custom for own figures.")
          String generation,
      @JsonPropertyDescription("The SKU's name.") String name,
      @JsonPropertyDescription("SSTP connections at once.") Integer sstpConnections,
      @JsonPropertyDescription("IKEv2 and OpenVPN connections at once, together.")
          Integer connections,
      @JsonPropertyDescription("Throughput in Mbit/s.") Integer throughputMbps,
      @JsonPropertyDescription("Whether the gateway spreads over zones.") Boolean zoneRedundant) {}

  /** Policies in force. */
  public record Policies(
      @JsonPropertyDescription("TLS 1.2 cipher suites; absent with IKEv2 alone.") List<String> tls,
      @JsonPropertyDescription("Cipher, integrity, PRF and DH group; absent without IKEv2.")
          List<String> ike,
      @JsonPropertyDescription("Cipher, integrity and PFS group; absent without IKEv2.")
          List<String> ipsec) {}

  /** Where the network has to send what is for clients. */
  public record ReturnRoute(
      @JsonPropertyDescription("Addresses of clients, in CIDR notation.") String destination,
      @JsonPropertyDescription("Address of the gateway pod that has them.") String via) {}

  /** What clients dial. */
  public record Endpoint(
      @JsonPropertyDescription("The stable name, where the spec has one.") String fqdn,
      @JsonPropertyDescription("The name or numeric address in the packages.") String address,
      @JsonPropertyDescription("TCP port.") Integer port,
      @JsonPropertyDescription(
              "With exposure.balancing PerReplica: the replicas' addresses, all of which fqdn has to name.")
          List<String> addresses) {}

  /** A certificate in use. */
  public record ServerCertificate(
      @JsonPropertyDescription("SHA-1, as clients show it.") String thumbprint,
      @JsonPropertyDescription("When it ends; it is renewed before.") String notAfter) {}
}

package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.Fqdn;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.P2SGatewaySpec.Exposure;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.catalog.GatewaySku;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.PolicyGroup;
import dev.p2s.dataplane.SkuColumn;
import dev.p2s.dataplane.SstpSettings;
import dev.p2s.dataplane.TokenIssuer;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An accepted gateway with every default filled in: what validation makes of a spec and the
 * cluster's facts, and the only thing that planning sees of it.
 *
 * @param namespace the gateway's namespace
 * @param name the gateway's name, at most 40 characters, DNS-1035
 * @param uid of the P2SGateway, for owner references
 * @param generation of the spec that was accepted
 * @param sku the row of the seed's table
 * @param tunnelTypes the protocols that are served
 * @param authenticationTypes how people are authenticated
 * @param clientAddressPools typed and free of overlaps
 * @param routes what sessions may reach, and what clients are told where the tunnel is not forced
 * @param forced whether clients are told that everything takes the tunnel
 * @param snat whether traffic leaves with the pod's address
 * @param dns what clients resolve names with
 * @param fqdn stable name that clients dial, where the spec has one
 * @param exposure how the gateway is reached
 * @param revocations thumbprints that the spec names
 * @param blockedUsers names that are refused under every method
 * @param tokenIssuer whose access tokens let people in, or null where none do
 * @param openVpn the server's settings, or null where OpenVPN is not served
 * @param ikev2 the server's settings, or null where IKEv2 is not served
 * @param groups policy groups, lowest priority number first; empty where there are none
 * @param radius the RADIUS servers, or null where nobody logs in by RADIUS
 * @param scaling how many pods serve
 * @param shaped whether throughput over the SKU's figure is held back
 * @param rolling whether the operator replaces pods that run an earlier template
 * @param sessions how long sessions last, and whether they reach one another
 * @param tlsAuthSecret the kept Secret with the tls-auth key
 * @param suppliedCertificate what servers show, or null where the operator issues it
 * @param sstp the server's settings without shares, or null where SSTP is not served
 * @param clientSecret what the gateway shows to its issuer
 */
public record ResolvedGateway(
    String namespace,
    String name,
    String uid,
    long generation,
    GatewaySku sku,
    Set<TunnelType> tunnelTypes,
    Set<AuthenticationType> authenticationTypes,
    List<Cidr> clientAddressPools,
    List<Cidr> routes,
    boolean forced,
    boolean snat,
    GatewayState.Dns dns,
    Optional<Fqdn> fqdn,
    Access exposure,
    List<GatewayState.Revocation> revocations,
    List<String> blockedUsers,
    TokenIssuer tokenIssuer,
    GatewayState.OpenVpn openVpn,
    GatewayState.Ikev2 ikev2,
    List<PolicyGroup> groups,
    RadiusAccess radius,
    GatewayScaling scaling,
    boolean shaped,
    boolean rolling,
    GatewaySessions sessions,
    String tlsAuthSecret,
    SuppliedCertificates.Found suppliedCertificate,
    SstpSettings sstp,
    ClientSecret clientSecret) {

  /**
   * @param value empty without one; never printed
   */
  public record ClientSecret(String value) {
    @Override
    public String toString() {
      return "ClientSecret";
    }
  }

  /** The same gateway with another number of pods. */
  ResolvedGateway withReplicas(int replicas) {
    return new ResolvedGateway(
        namespace,
        name,
        uid,
        generation,
        sku,
        tunnelTypes,
        authenticationTypes,
        clientAddressPools,
        routes,
        forced,
        snat,
        dns,
        fqdn,
        exposure,
        revocations,
        blockedUsers,
        tokenIssuer,
        openVpn,
        ikev2,
        groups,
        radius,
        new GatewayScaling(replicas, scaling.autoscaling(), scaling.drainTimeout()),
        shaped,
        rolling,
        sessions,
        tlsAuthSecret,
        suppliedCertificate,
        sstp,
        clientSecret);
  }

  /** What clients are told to send into the tunnel. */
  List<Cidr> tunnelled() {
    return forced ? GatewayState.EVERYTHING : routes;
  }

  /** Connections at once in a column of the seed's SKU table. */
  public int connectionLimit(SkuColumn column) {
    return switch (column) {
      case IKEV2_OPENVPN -> sku.maxConnections();
      case SSTP -> sku.maxSstpConnections();
    };
  }

  /** The columns that the gateway's protocols count in. */
  public Set<SkuColumn> columns() {
    return SkuColumn.of(tunnelTypes);
  }

  /**
   * How clients reach the gateway.
   *
   * @param type LoadBalancer, HostPort, NodePort or ClusterIP
   * @param address what clients dial where the cluster cannot know it: a name or numeric address
   * @param nodePort the port on every node, where one is asked for
   * @param balancing what brings a client to one of several replicas
   */
  public record Access(
      Exposure.Type type,
      Optional<String> address,
      Optional<Integer> nodePort,
      Exposure.Balancing balancing) {

    /** Whether each replica has a Service and an address of its own. */
    boolean perReplica() {
      return balancing == Exposure.Balancing.PerReplica;
    }
  }
}

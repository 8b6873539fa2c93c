package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.Fqdn;
import java.util.List;
import java.util.Optional;

/**
 * What the cluster tells about itself; empty where it cannot be read.
 *
 * @param serviceRanges where ClusterIPs come from (ServiceCIDR objects, else the chart's values)
 * @param podRanges where Pods' addresses come from (Nodes' {@code podCIDRs}, else the chart's)
 * @param nodeAddresses numeric addresses of the nodes, external ones first
 * @param dnsServers resolvers that the cluster's own Pods use
 * @param domain the cluster's DNS domain such as {@code cluster.local}
 */
public record ClusterFacts(
    List<Cidr> serviceRanges,
    List<Cidr> podRanges,
    List<String> nodeAddresses,
    List<String> dnsServers,
    Optional<Fqdn> domain) {

  public ClusterFacts {
    serviceRanges = List.copyOf(serviceRanges);
    podRanges = List.copyOf(podRanges);
    nodeAddresses = List.copyOf(nodeAddresses);
    dnsServers = List.copyOf(dnsServers);
  }

  /** Whether routes to the cluster can be derived; where not, the spec has to name them. */
  public boolean rangesKnown() {
    return !serviceRanges.isEmpty() && !podRanges.isEmpty();
  }
}

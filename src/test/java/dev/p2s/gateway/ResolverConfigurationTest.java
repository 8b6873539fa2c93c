package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Fqdn;
import org.junit.jupiter.api.Test;

class ResolverConfigurationTest {

  @Test
  void givenAPodsResolvConf_whenRead_thenResolverAndDomainOfTheClusterAreKnown() {
    var read =
        ResolverConfiguration.parse(
            """
            # written by the kubelet
            search p2s.svc.cluster.local svc.cluster.local cluster.local
            nameserver 10.96.0.10
            nameserver fe80::1%eth0
            options ndots:5
            """);
    assertThat(read.servers()).containsExactly("10.96.0.10");
    assertThat(read.clusterDomain()).contains(new Fqdn("cluster.local"));
  }

  @Test
  void givenAMachineOutsideACluster_whenRead_thenNoDomainIsInvented() {
    assertThat(
            ResolverConfiguration.parse("nameserver 192.0.2.1\nsearch example.com").clusterDomain())
        .isEmpty();
  }
}

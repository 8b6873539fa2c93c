package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.p2s.gateway.GatewayJudge.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several replicas and what brings clients to them. */
class ReplicaRulesTest {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String IKEV2 = "clientAddressPools: [172.31.200.0/24], tunnelTypes: [IKEv2]";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "scaling: {replicas: 2}, exposure: {balancing: PerReplica}, fqdn: vpn.corp.example",
        "scaling: {maxReplicas: 9}, exposure: {balancing: PerReplica, type: ClusterIP}, fqdn: v.example",
        "scaling: {replicas: 2}, exposure: {balancing: SourceAddress}",
        "scaling: {replicas: 2}, exposure: {type: HostPort}, fqdn: vpn.corp.example",
        "scaling: {replicas: 1, maxReplicas: 1}",
        "scaling: {replicas: 0}"
      })
  void givenIkev2_whenAClientsPortsReachOneReplica_thenItIsAccepted(String spec) {
    assertThat(judged(spec)).isInstanceOf(Outcome.Accepted.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "scaling: {replicas: 2} | spec.scaling.replicas: 2 with IKEv2: a client's UDP 500 and 4500",
        "scaling: {maxReplicas: 3} | spec.scaling.maxReplicas: 3 with IKEv2",
        "scaling: {replicas: 2}, exposure: {type: HostPort} | use type HostPort with spec.fqdn",
        "exposure: {balancing: PerReplica} | PerReplica needs spec.fqdn",
        "exposure: {balancing: PerReplica, type: HostPort}, fqdn: v.example | has no effect with HostPort",
        "exposure: {balancing: PerReplica, address: 192.0.2.1}, fqdn: v.example | is one for all",
        "exposure: {balancing: SourceAddress, type: ClusterIP} | what a load balancer does"
      })
  void givenIkev2_whenTheyMightNot_thenItIsRefusedWithTheReason(String spec, String why) {
    assertThat(judged(spec))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(GatewayRefusal.ExposureInvalid);
              assertThat(refused.message()).contains(why);
            });
  }

  @Test
  void givenTheSample_whenPlanned_thenEachReplicaHasItsAddress() throws IOException {
    String sample = Files.readString(Path.of("samples/scaling/ikev2.yaml"));
    assertThat(GatewaySpecs.judged((ObjectNode) YAML.readTree(sample).get("spec")))
        .isInstanceOfSatisfying(
            Outcome.Accepted.class,
            accepted ->
                assertThat(ReplicaServices.plan(accepted.gateway(), List.of(), List.of()).wanted())
                    .hasSize(2));
  }

  private static Outcome judged(String more) {
    try {
      return GatewaySpecs.judged((ObjectNode) YAML.readTree("{" + IKEV2 + ", " + more + "}"));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}

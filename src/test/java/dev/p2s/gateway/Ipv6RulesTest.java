package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.p2s.addressing.Cidr;
import dev.p2s.crd.CrdSpecs;
import dev.p2s.dataplane.GatewayState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ipv6RulesTest {

  @Test
  void givenAnIpv6Pool_whenJudged_thenItStandsBesideTheOthersAndItsRoutesAreReached()
      throws JsonProcessingException {
    String pools = "{clientAddressPools: [172.31.200.0/24, 'fd50:1::/112'], routes: ";

    assertThat(accepted(pools + "{include: [10.0.0.0/8, 'fd00::/8']}}").routes())
        .extracting(Cidr::toString)
        .containsExactly("10.0.0.0/8", "fd00::/8");
    assertThat(accepted(pools + "{mode: Forced}}").routes()).isEqualTo(GatewayState.EVERYTHING);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clientAddressPools: ['fd00:1::/112']|PoolInvalid|fd00:1::/112 is IPv6 alone; clients have IPv6 beside IPv4, so add an IPv4 pool",
        "clientAddressPools: [172.31.200.0/24, 'fd00:1::/112', 'fd00:2::/112']|PoolInvalid|fd00:2::/112 is a second IPv6 pool",
        "clientAddressPools: [172.24.0.0/14, 'fd00:1::/112']|PoolTooSmall|fd00:1::/112 has no address for each of 172.24.0.0/14",
        "clientAddressPools: [172.31.200.0/24, 172.30.200.0/24, 'fd00:1::/112']|PoolTooSmall|fd00:1::/112 has no address for each of 172.30.200.0/24, since a client's IPv6 address ends in the bits of its IPv4 address; take a /96",
        "clientAddressPools: [172.31.200.0/24, 'fd00:1::/63']|PoolInvalid|is wider than /64",
        "{clientAddressPools: [172.31.200.0/24, 'fd00:1::/112'], policyGroups: [{name: a, priority: 1, default: true, clientAddressPools: ['fd00:2::/112']}]}|PoolInvalid|fd00:2::/112 is IPv6; a group's people have theirs from the gateway's IPv6 pool",
        "routes: {include: ['fd00::/8']}|RouteInvalid|spec.routes.include[0]: 'fd00::/8' is IPv6 and no client has such an address; add an IPv6 pool"
      })
  void givenAMistake_whenJudged_thenTheSentenceNamesFieldValueRuleAndRemedy(
      String mistake, GatewayRefusal reason, String sentence) throws JsonProcessingException {
    GatewayJudge.Outcome.Refused refused = (GatewayJudge.Outcome.Refused) judged(mistake);

    assertThat(refused.message()).contains(sentence);
    assertThat(refused.reason()).isEqualTo(reason);
  }

  private static ResolvedGateway accepted(String spec) throws JsonProcessingException {
    return ((GatewayJudge.Outcome.Accepted) judged(spec)).gateway();
  }

  private static GatewayJudge.Outcome judged(String yaml) throws JsonProcessingException {
    ObjectNode spec = (ObjectNode) CrdSpecs.YAML.readTree(yaml);
    if (!spec.has("clientAddressPools")) {
      spec.putArray("clientAddressPools").add("172.31.200.0/24");
    }
    return GatewaySpecs.judged(spec);
  }
}

package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.crd.SeedMatrix;
import dev.p2s.gateway.GatewayJudge.Outcome;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/**
 * Every subset of tunnel types with every subset of authentication types, against the seed's table
 * as the test's own file has it. "Allowed by the seed" and "served by this version" are apart: what
 * is allowed and not built yet is NotImplemented, and nothing that is not allowed ever is.
 */
class SeedMatrixTest {

  @Test
  void givenThePowerSet_whenJudged_thenTheSeventeenRowsAreAllowedAndNothingElse() throws Exception {
    SoftAssertions all = new SoftAssertions();
    int allowed = 0;
    for (Set<TunnelType> tunnels : SeedMatrix.subsets(TunnelType.class)) {
      for (Set<AuthenticationType> types : SeedMatrix.subsets(AuthenticationType.class)) {
        Outcome outcome = GatewaySpecs.judged(spec(tunnels, types));
        String what = tunnels + " with " + types;
        if (SeedMatrix.allows(tunnels, types)) {
          allowed++;
          all.assertThat(isAllowed(outcome)).as("%s is allowed: %s", what, outcome).isTrue();
        } else {
          all.assertThat(reason(outcome))
              .as("%s is refused: %s", what, outcome)
              .isEqualTo(GatewayRefusal.TunnelAuthenticationNotOffered);
        }
      }
    }
    all.assertAll();
    // the seed's 17, and the 6 of them that have EntraID with OIDC in its place
    assertThat(allowed).isEqualTo(17 + 6);
  }

  @Test
  void givenARefusedCombination_whenToldWhy_thenWhatIsAllowedWithItsTunnelsIsPrinted()
      throws Exception {
    for (Set<TunnelType> tunnels : SeedMatrix.subsets(TunnelType.class)) {
      for (Set<AuthenticationType> types : SeedMatrix.subsets(AuthenticationType.class)) {
        if (GatewaySpecs.judged(spec(tunnels, types)) instanceof Outcome.Refused refused
            && refused.reason() == GatewayRefusal.TunnelAuthenticationNotOffered) {
          assertThat(refused.message())
              .containsAnyOf("; allowed are ", "; with ", "keep one of the two");
        }
      }
    }
  }

  private static boolean isAllowed(Outcome outcome) {
    return outcome instanceof Outcome.Accepted || reason(outcome) == GatewayRefusal.NotImplemented;
  }

  private static Enum<?> reason(Outcome outcome) {
    return outcome instanceof Outcome.Refused refused ? refused.reason() : null;
  }

  private static ObjectNode spec(Set<TunnelType> tunnels, Set<AuthenticationType> types) {
    ObjectNode spec = SeedMatrix.spec(tunnels, types);
    spec.putArray("clientAddressPools").add("172.31.200.0/24");
    return spec;
  }
}

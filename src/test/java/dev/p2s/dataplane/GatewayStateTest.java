package dev.p2s.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatewayStateTest {

  @Test
  void givenStatesThatDifferInSharesAlone_whenComparedApartFromThem_thenTheyAreTheSame() {
    Holding one = new Holding(10, List.of(Cidr.parse("10.8.0.0/25")));
    Holding other = new Holding(5, List.of(Cidr.parse("10.8.0.0/26")));

    assertThat(shared(one).apartFromShares()).isEqualTo(shared(other).apartFromShares());
    assertThat(shared(one)).isNotEqualTo(shared(other));
  }

  @Test
  void givenAnyOtherDifference_whenComparedApartFromShares_thenItStays() {
    GatewayState plain = States.gateway().build();

    assertThat(plain.apartFromShares()).isEqualTo(plain);
    assertThat(States.gateway().routed().build().apartFromShares()).isNotEqualTo(plain);
    assertThat(States.gateway().newestOnly().build().apartFromShares()).isNotEqualTo(plain);
  }

  private static GatewayState shared(Holding holding) {
    return States.gateway().shares(new Share(0, holding, holding)).build();
  }
}

package dev.p2s.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import dev.p2s.api.v1alpha1.TunnelType;
import java.math.BigInteger;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** "Split equally between the protocols" only where SSTP is one of several. */
class SkuColumnTest {

  private static final Cidr POOL = Cidr.parse("172.31.200.0/24");

  @Test
  void givenOneColumn_whenAsked_thenItHasAllOfEveryPool() {
    Set<SkuColumn> both =
        SkuColumn.of(List.of(TunnelType.IKEv2, TunnelType.OpenVPN, TunnelType.IKEv2));

    assertThat(both).containsExactly(SkuColumn.IKEV2_OPENVPN);
    assertThat(SkuColumn.IKEV2_OPENVPN.addresses(List.of(POOL), both)).containsExactly(POOL);
    assertThat(SkuColumn.SSTP.addresses(List.of(POOL), both)).isEmpty();
    assertThat(SkuColumn.SSTP.addresses(List.of(POOL), EnumSet.of(SkuColumn.SSTP)))
        .containsExactly(POOL);
  }

  @Property
  void givenBothColumns_whenAPoolIsSplit_thenTheHalvesAreEqualApartAndTheWhole(
      @ForAll @IntRange(min = 8, max = 29) int prefix) {
    Cidr pool = new Cidr(Cidr.numeric("10.0.0.0"), prefix);
    Set<SkuColumn> both = EnumSet.allOf(SkuColumn.class);

    List<Cidr> ikev2 = SkuColumn.IKEV2_OPENVPN.addresses(List.of(pool), both);
    List<Cidr> sstp = SkuColumn.SSTP.addresses(List.of(pool), both);

    assertThat(ikev2).hasSize(1);
    assertThat(sstp).hasSize(1);
    assertThat(ikev2.getFirst().overlaps(sstp.getFirst())).isFalse();
    assertThat(ikev2.getFirst().size().multiply(BigInteger.TWO)).isEqualTo(pool.size());
    assertThat(sstp.getFirst().size()).isEqualTo(ikev2.getFirst().size());
    assertThat(pool.contains(ikev2.getFirst()) && pool.contains(sstp.getFirst())).isTrue();
  }
}

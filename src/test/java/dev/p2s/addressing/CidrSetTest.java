package dev.p2s.addressing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CidrSetTest {

  @Test
  void givenARange_whenAPartIsTakenOut_thenTheFewestRangesAreLeft() {
    assertThat(
            CidrSet.without(List.of(Cidr.parse("10.0.0.0/8")), List.of(Cidr.parse("10.64.0.0/10"))))
        .extracting(Cidr::toString)
        .containsExactly("10.0.0.0/10", "10.128.0.0/9");
    assertThat(
            CidrSet.without(List.of(Cidr.parse("fd00::/126")), List.of(Cidr.parse("fd00::1/128"))))
        .extracting(Cidr::toString)
        .containsExactly("fd00::/128", "fd00::2/127");
  }

  @Property(tries = 500)
  void givenRanges_whenOthersAreTakenOut_thenAnAddressIsInWhatIsLeftIfAndOnlyIfItShould(
      @ForAll("ranges") List<Cidr> included,
      @ForAll("ranges") List<Cidr> excluded,
      @ForAll @IntRange(max = 255) int last)
      throws UnknownHostException {
    List<Cidr> left = CidrSet.without(included, excluded);

    InetAddress address = InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    assertThat(within(left, address))
        .isEqualTo(within(included, address) && !within(excluded, address));
    assertThat(CidrSet.merged(left)).isEqualTo(left);
    assertThat(within(CidrSet.common(included, excluded), address))
        .isEqualTo(within(included, address) && within(excluded, address));
  }

  @Provide
  Arbitrary<List<Cidr>> ranges() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 255), Arbitraries.integers().between(24, 32))
        .as(
            (last, prefix) ->
                Cidr.parse("10.0.0." + (last & (0xff00 >> (prefix - 24))) + "/" + prefix))
        .list()
        .ofMaxSize(6);
  }

  private static boolean within(List<Cidr> ranges, InetAddress address) {
    return ranges.stream().anyMatch(range -> range.contains(address));
  }
}

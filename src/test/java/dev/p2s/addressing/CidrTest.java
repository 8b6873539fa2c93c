package dev.p2s.addressing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {

  @ParameterizedTest
  @CsvSource({
    "fd00:1::, fd00:1::",
    "::, ::",
    "::1, ::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "FD00:0:0:0:0:0:0:A, fd00::a",
    "10.0.0.0, 10.0.0.0"
  })
  void givenAnAddress_whenWritten_thenAsPeopleDo(String text, String written) {
    assertThat(Cidr.text(Cidr.numeric(text))).isEqualTo(written);
  }

  @Test
  void givenHostBits_whenParsed_thenTheRangeThatWasMeantIsNamed() {
    assertThatThrownBy(() -> Cidr.parse("10.1.2.3/24"))
        .hasMessage("has host bits set; the range is 10.1.2.0/24");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "10.0.0.0/33",
        "10.0.0/24",
        "10.0.0.0/-1",
        "a/8",
        "1/8",
        "fe80::1%eth0/64",
        "example.com/24",
        "10.0.0.0/8 ",
        "10.0.0.0/\n8",
        "256.1.1.1/32",
        "::/129"
      })
  void givenNoRange_whenParsed_thenRefused(String text) {
    assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void givenAPool_thenItsAddressesAndMaskAreCounted() {
    Cidr pool = Cidr.parse("172.31.200.0/24");
    assertThat(pool.address(1).getHostAddress()).isEqualTo("172.31.200.1");
    assertThat(pool.address(255).getHostAddress()).isEqualTo("172.31.200.255");
    assertThat(pool.netmask()).isEqualTo("255.255.255.0");
    assertThat(pool.size()).isEqualTo(256);
    assertThatThrownBy(() -> pool.address(256)).isInstanceOf(IllegalArgumentException.class);
    assertThat(Cidr.parse("fd00::/64").address(2).getHostAddress()).isEqualTo("fd00:0:0:0:0:0:0:2");
  }

  @Test
  void givenNeighboursAndContainedRanges_whenMerged_thenTheFewestRangesCoverThem() {
    List<Cidr> nodes =
        List.of("10.244.1.0/24", "10.244.0.0/24", "10.244.2.0/23", "10.244.3.0/24", "10.96.0.0/16")
            .stream()
            .map(Cidr::parse)
            .toList();
    assertThat(CidrSet.merged(nodes))
        .extracting(Cidr::toString)
        .containsExactly("10.96.0.0/16", "10.244.0.0/22");
  }

  @Property
  void merging_neverLosesOrAddsAnAddress(
      @ForAll @Size(max = 12) List<@IntRange(max = 255) Integer> networks,
      @ForAll @IntRange(max = 255) int probe) {
    List<Cidr> ranges = networks.stream().map(n -> Cidr.parse("10.0." + n + ".0/24")).toList();
    List<Cidr> merged = CidrSet.merged(ranges);
    var address = Cidr.numeric("10.0." + probe + ".7");
    assertThat(merged.stream().anyMatch(r -> r.contains(address)))
        .isEqualTo(ranges.stream().anyMatch(r -> r.contains(address)));
    assertThat(merged).hasSizeLessThanOrEqualTo(Math.max(1, ranges.size()));
  }
}

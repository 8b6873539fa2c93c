package dev.p2s.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClosedRangesTest {

  private static final List<Cidr> NODE = ranges("172.18.0.2 fd00:18::2");

  @ParameterizedTest
  @CsvSource({
    "8.8.8.8, true",
    "10.96.0.10, true",
    "172.18.0.3, true",
    "2001:db8::1, true",
    "127.0.0.1, false",
    "0.0.0.7, false",
    "169.254.169.254, false",
    "168.63.129.16, false",
    "100.100.100.200, false",
    "224.0.0.1, false",
    "255.255.255.255, false",
    "172.18.0.2, false",
    "fd00:18::2, false",
    "::1, false",
    "fe80::1, false",
    "ff02::1, false",
    "fd00:ec2::254, false",
    "fd20:ce::254, false"
  })
  void givenEverything_whenOpened_thenMetadataLinkLocalLoopbackAndTheNodeStayClosed(
      String address, boolean reached) {
    assertThat(isOpen("0.0.0.0/0 ::/0", address)).isEqualTo(reached);
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/0 169.254.20.10, 169.254.20.10, true",
    "0.0.0.0/0 169.254.20.10, 169.254.169.254, false",
    "169.254.0.0/16, 169.254.169.254, true",
    "168.0.0.0/6, 169.254.169.254, false",
    "0.0.0.0/0 172.18.0.0/16, 172.18.0.2, true",
    "172.16.0.0/12, 172.18.0.2, true"
  })
  void givenANarrowerRoute_whenItMeansSuchAnAddress_thenItOpensIt(
      String routes, String address, boolean reached) {
    assertThat(isOpen(routes, address)).isEqualTo(reached);
  }

  @Test
  void givenOrdinaryRoutes_whenOpened_thenTheyAreAsWritten() {
    List<Cidr> routes = ranges("10.96.0.0/16 10.244.0.0/16 fd00::/8");

    assertThat(ClosedRanges.open(ranges("10.96.0.0/16 10.244.0.0/16"), NODE))
        .isEqualTo(ranges("10.96.0.0/16 10.244.0.0/16"));
    assertThat(ClosedRanges.open(routes, List.of())).hasSizeLessThan(256);
  }

  private static boolean isOpen(String routes, String address) {
    InetAddress asked = Cidr.numeric(address);
    return ClosedRanges.open(ranges(routes), NODE).stream().anyMatch(r -> r.contains(asked));
  }

  private static List<Cidr> ranges(String words) {
    return Stream.of(words.split(" ")).map(Cidr::parse).toList();
  }
}

package dev.p2s.dataplane.sstp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.cluster.Endurance;
import dev.p2s.sstp.fuzz.Mutants;
import dev.p2s.sstp.fuzz.Spent;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/**
 * What agent and endpoint say to one another, garbled: a message, or a refusal that repeats none of
 * it.
 */
@Tag(Endurance.TAG)
class EndpointWireFuzzTest {

  private final EndpointWire wire = new EndpointWire();

  @Property(tries = 20)
  void givenAnyLine_whenItIsRead_thenItIsAMessageOrRefusedWithoutItsText(@ForAll long seed) {
    Mutants mutants =
        Mutants.ofTexts(
            seed,
            "{\"command\":\"refuse\",\"call\":7,\"lasting\":true,\"sentence\":\"No.\"}",
            "{\"command\":\"hang-up\",\"call\":7}",
            "{\"command\":\"welcome\",\"call\":7,\"client\":\"172.16.0.2\",\"gateway\":\"172.16.0.1\","
                + "\"dns\":[],\"proof\":\"\",\"key\":\"AAAA\"}",
            "{\"event\":\"left\",\"call\":7,\"why\":\"x\",\"in\":1,\"out\":2}",
            "[[[[{}]]]]",
            "null");
    Spent.on(
        1_000,
        256 * 1024,
        () -> {
          String line = new String(mutants.next(), StandardCharsets.UTF_8);
          readOrRefused(() -> wire.readCommand(line));
          readOrRefused(() -> wire.readEvent(line));
        });
  }

  private static void readOrRefused(Runnable read) {
    try {
      read.run();
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).matches("a line is no \\w+|null is no message");
    }
  }
}

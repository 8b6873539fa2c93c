package dev.p2s.sstp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.cluster.Endurance;
import dev.p2s.sstp.fuzz.Mutants;
import dev.p2s.sstp.fuzz.Spent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** The HTTP in front of SSTP under whatever is sent, in pieces of any size. */
@Tag(Endurance.TAG)
class DoorFuzzTest {

  private static final int BATCH = 1_000;
  private static final String RIGHT =
      "SSTP_DUPLEX_POST /sra_{BA195980-CD49-458b-9E23-C84EE0ADCD75}/ HTTP/1.1\r\nHost: gw\r\n"
          + "Content-Length: 18446744073709551615\r\nSSTPCORRELATIONID: {1}\r\n\r\n";

  @Property(tries = 80)
  void givenAnyHead_whenItIsRead_thenItAsksForSstpOrNot(@ForAll long seed) {
    Mutants mutants = heads(seed);
    Spent.on(
        BATCH,
        64 * 1024,
        () -> {
          String head = new String(mutants.next(), StandardCharsets.US_ASCII);
          if (DuplexPost.isOne(head)) {
            assertThat(head).containsIgnoringCase("SSTP_DUPLEX_POST");
          }
        });
  }

  @Property(tries = 10)
  void givenAnyBytesInAnyPieces_whenTheyComeToTheDoor_thenItAnswersOnceAndKeepsNothing(
      @ForAll long seed) {
    Mutants mutants = heads(seed);
    Spent.on(
        BATCH,
        256 * 1024,
        () -> {
          boolean[] called = {false};
          EmbeddedChannel channel =
              new EmbeddedChannel(
                  new HttpDoor(
                      () -> {
                        called[0] = true;
                        // whoever gets through is refused: the test ends here
                        throw new IllegalStateException("called");
                      }));
          for (int piece = 0; piece < 4 && channel.isOpen(); piece++) {
            channel.writeInbound(Unpooled.wrappedBuffer(mutants.next()));
          }
          int answers = 0;
          for (ByteBuf answer = channel.readOutbound();
              answer != null;
              answer = channel.readOutbound()) {
            answers++;
            answer.release();
          }
          assertThat(answers).isLessThanOrEqualTo(1);
          channel.finishAndReleaseAll();
        });
  }

  private static Mutants heads(long seed) {
    return Mutants.ofTexts(
        seed, RIGHT, RIGHT.substring(0, 90), "GET / HTTP/1.1\r\n\r\n", "\r\n\r\n");
  }
}

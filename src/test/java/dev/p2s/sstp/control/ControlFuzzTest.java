package dev.p2s.sstp.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.cluster.Endurance;
import dev.p2s.sstp.binding.BindingRequest;
import dev.p2s.sstp.binding.CryptoBinding;
import dev.p2s.sstp.binding.HashProtocol;
import dev.p2s.sstp.binding.HigherLayerKey;
import dev.p2s.sstp.fuzz.Mutants;
import dev.p2s.sstp.fuzz.Spent;
import java.nio.ByteBuffer;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/**
 * SSTP's packets and its machine under whatever a client may send. A try is a seed that stands for
 * {@value #BATCH} inputs; {@code make soak} goes on from each seed.
 */
@Tag(Endurance.TAG)
class ControlFuzzTest {

  private static final int BATCH = 1_000;
  private static final int EACH = 16 * 1024;

  private static final String[] RIGHT = {
    "1001000e 00010001 00010006 0001",
    "10010008 00060000",
    "10010008 00070000",
    "10010008 00080000",
    "10010008 00090000",
    "10010014 00050001 0002000c 00000000 00000004",
    "10010070 00040001 00030068 00000002" + "ab".repeat(96),
    "10010070 00040001 00030068 00000001" + "00".repeat(96)
  };

  private final BindingRequest request =
      new BindingRequest(Set.of(HashProtocol.values()), new byte[32]);
  private final SstpServerMachine machine =
      new SstpServerMachine(request, new CryptoBinding(request, new byte[] {1}));

  @Property(tries = 200)
  void givenAnyPacket_whenItIsRead_thenItIsAMessageOrHasAStatus(@ForAll long seed) {
    Mutants mutants = Mutants.of(seed, RIGHT);
    Spent.on(
        BATCH,
        EACH,
        () -> {
          byte[] packet = mutants.next();
          assertThat(read(packet)).isNotNull();
          if (packet.length >= SstpHeader.BYTES) {
            header(ByteBuffer.wrap(packet).getInt());
          }
        });
  }

  @Property(tries = 200)
  void givenAnyPackets_whenACallIsMadeOfThem_thenItNeverOpensWithoutAProofAndAlwaysEnds(
      @ForAll long seed) {
    Mutants mutants = Mutants.of(seed, RIGHT);
    SstpCall[] call = {SstpCall.begun(0)};
    long[] now = {0};
    Spent.on(
        BATCH,
        EACH,
        () -> {
          now[0] += mutants.below(3_000);
          SstpServerMachine.Step step = machine.step(call[0], event(mutants, now[0]), now[0]);
          // no mutant has the right code of authentication
          assertThat(step.actions()).doesNotContain(new SstpAction.Connected());
          assertThat(step.actions()).hasSizeLessThanOrEqualTo(2);
          if (call[0].state() == SstpCall.State.CLOSED) {
            assertThat(step.actions()).isEmpty();
          }
          call[0] = step.call();
          if (call[0].state() == SstpCall.State.CLOSED && mutants.below(4) == 0) {
            call[0] = SstpCall.begun(now[0]);
          }
        });
    for (int i = 0; i < 200; i++) {
      now[0] += 1_000;
      call[0] = machine.step(call[0], new SstpEvent.Tick(0), now[0]).call();
    }
    assertThat(call[0].state()).isEqualTo(SstpCall.State.CLOSED);
  }

  private static SstpEvent event(Mutants mutants, long now) {
    return switch (mutants.below(12)) {
      case 0 -> new SstpEvent.Tick(now - mutants.below(200_000));
      case 1 -> new SstpEvent.UnexpectedData();
      case 2 -> new SstpEvent.Authenticated(HigherLayerKey.NONE);
      case 3 -> mutants.below(8) == 0 ? new SstpEvent.HangUp() : new SstpEvent.Tick(now);
      default -> read(mutants.next());
    };
  }

  private static SstpEvent read(byte[] packet) {
    try {
      return new SstpEvent.Said(ClientMessageReader.read(packet));
    } catch (MalformedPacketException e) {
      return new SstpEvent.Malformed(e.status(), e.attribute());
    }
  }

  private static void header(int word) {
    try {
      SstpHeader header = SstpHeader.of(word);
      assertThat(header.length()).isBetween(SstpHeader.BYTES, SstpHeader.LONGEST);
      assertThat(SstpHeader.of(header.word())).isEqualTo(header);
    } catch (MalformedPacketException e) {
      assertThat(e.status()).isEqualTo(Status.INVALID_FRAME_RECEIVED);
    }
  }
}

package dev.p2s.sstp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.sstp.fuzz.Mutants;
import dev.p2s.sstp.fuzz.Spent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.BeforeTry;

/** What goes out, cut again as the kernel cuts, is what came in; the cutting is written here. */
class SegmentJoinerTest {

  private static final int ADDRESS_AND_TIME = 40 + 12;
  private static final int KINDS = 12 + 26;
  private static final int FLUSH = KINDS;

  private final List<byte[]> written = new ArrayList<>();
  private final SegmentJoiner joiner =
      new SegmentJoiner(
          Arena.ofAuto().allocate(SegmentJoiner.MEMORY),
          (from, bytes) -> written.add(from.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE)));

  @BeforeTry
  void start() {
    joiner.flush();
    written.clear();
  }

  @Property(tries = 1_000)
  void givenAnyTraffic_whenItIsJoinedAndCutAgain_thenItIsWhatCameInAndInItsOrder(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 1_400) int mss,
      @ForAll @IntRange(min = 1, max = 4) int flows,
      @ForAll @Size(max = 120) List<@IntRange(max = 4 * (KINDS + 1) - 1) Integer> steps) {
    JoinerTraffic traffic = new JoinerTraffic(seed, mss, flows);
    List<byte[]> came = new ArrayList<>();
    for (int step : steps) {
      if (step % (KINDS + 1) == FLUSH) {
        joiner.flush();
        assertCutIs(came);
      } else {
        came.add(traffic.next(step / (KINDS + 1), step % (KINDS + 1)));
        offer(came.getLast());
      }
    }
    joiner.flush();

    assertCutIs(came);
  }

  /** Long runs of full segments, with something else among them now and then. */
  @Property(tries = 200)
  void givenLongStreams_whenTheyAreJoined_thenNothingIsLongerThanAPacketCanBe(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30_000) int mss,
      @ForAll @Size(max = 6) List<@IntRange(max = KINDS - 1) Integer> between) {
    JoinerTraffic traffic = new JoinerTraffic(seed, mss, 1);
    List<byte[]> came = new ArrayList<>();
    for (int kind : between) {
      came.addAll(traffic.stream(70));
      came.add(traffic.next(0, kind));
    }
    came.forEach(this::offer);
    joiner.flush();

    assertCutIs(came);
  }

  /** What is nearly a segment, and what is nothing. */
  @Property(tries = 20)
  void givenAnyBytes_whenTheyAreOffered_thenTheyComeOutAsTheyWere(@ForAll long seed) {
    Mutants mutants = new Mutants(seed, new JoinerTraffic(seed, 200, 1).stream(6));
    List<byte[]> came = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      came.add(mutants.next());
      offer(came.getLast());
    }
    joiner.flush();

    assertCutIs(came);
  }

  @Example
  void givenConsecutiveSegments_whenTheyComeTogether_thenTheyAreOnePacket() {
    List<byte[]> came = new JoinerTraffic(1, 1_318, 1).stream(40);
    came.forEach(this::offer);
    assertThat(written).isEmpty();
    joiner.flush();

    assertThat(written).hasSize(1);
    assertThat(written.getFirst()).hasSize(SegmentJoiner.HEADER + ADDRESS_AND_TIME + 40 * 1_318);
    assertCutIs(came);
  }

  @Example
  void givenMoreThanAPacketCanBe_whenTheyAreJoined_thenEachPacketIsAsFullAsCanBe() {
    List<byte[]> came = new JoinerTraffic(2, 1_318, 1).stream(100);
    came.forEach(this::offer);
    joiner.flush();

    assertThat(written).hasSize(3);
    assertCutIs(came);
  }

  @Example
  void givenASegmentThatIsPushed_whenItFollows_thenNothingWaitsForWhatComesAfterIt() {
    JoinerTraffic traffic = new JoinerTraffic(3, 1_000, 1);
    List<byte[]> came = traffic.stream(3);
    came.add(traffic.next(0, 12 + 8));
    came.forEach(this::offer);

    assertThat(written).hasSize(1);
    assertCutIs(came);
  }

  @Example
  void givenAWrongChecksum_whenItsSegmentIsNext_thenItGoesAloneAndStaysWrong() {
    JoinerTraffic traffic = new JoinerTraffic(4, 1_000, 1);
    List<byte[]> came = traffic.stream(3);
    came.add(traffic.next(0, 12 + 22));
    came.addAll(traffic.stream(3));
    came.forEach(this::offer);
    joiner.flush();

    assertThat(written).hasSize(3);
    assertCutIs(came);
  }

  @Example
  void givenManyPackets_whenTheyAreJoined_thenNothingIsAllocatedForThem() {
    List<ByteBuf> came =
        new JoinerTraffic(5, 1_318, 1).stream(100).stream().map(Unpooled::wrappedBuffer).toList();
    try (Arena arena = Arena.ofConfined()) {
      SegmentJoiner silent =
          new SegmentJoiner(arena.allocate(SegmentJoiner.MEMORY), (from, bytes) -> {});
      int[] next = {0};
      Spent.on(
          20_000,
          16,
          () -> {
            ByteBuf packet = came.get(next[0]++ % came.size());
            silent.offer(packet, 0, packet.readableBytes());
          });
    }
  }

  private void offer(byte[] packet) {
    ByteBuf where = Unpooled.buffer().writeLong(0).writeBytes(packet);
    joiner.offer(where, Long.BYTES, packet.length);
  }

  private void assertCutIs(List<byte[]> came) {
    List<byte[]> cut = new ArrayList<>();
    for (byte[] each : written) {
      assertThat(each.length).isBetween(10, 10 + 65_535);
      cut.addAll(cut(each));
    }
    assertThat(cut).hasSize(came.size());
    for (int i = 0; i < cut.size(); i++) {
      assertThat(cut.get(i)).as("packet %d", i).isEqualTo(came.get(i));
    }
  }

  /**
   * As inet_gso_segment and tcp_gso_segment of Linux do: lengths, identifications that count up,
   * sequence numbers, PSH with the last only, both checksums.
   */
  private static List<byte[]> cut(byte[] written) {
    ByteBuffer virtio = ByteBuffer.wrap(written).order(ByteOrder.nativeOrder());
    byte[] packet = Arrays.copyOfRange(written, 10, written.length);
    if (virtio.get(1) == 0) {
      assertThat(Arrays.copyOf(written, 10)).containsOnly(0);
      return List.of(packet);
    }
    assertThat(written[0]).isEqualTo((byte) 1);
    assertThat(written[1]).isEqualTo((byte) 1);
    int headers = virtio.getShort(2);
    int size = virtio.getShort(4) & 0xFFFF;
    assertThat(virtio.getShort(6)).isEqualTo((short) 20);
    assertThat(virtio.getShort(8)).isEqualTo((short) 16);
    ByteBuffer whole = ByteBuffer.wrap(packet);
    assertThat(headers).isEqualTo(20 + (packet[32] >> 4 & 15) * 4);
    assertThat(packet.length - headers).isGreaterThan(size);
    assertThat(whole.getShort(2) & 0xFFFF).isEqualTo(packet.length);
    assertThat(JoinerTraffic.sum(packet, 0, 20, 0)).isEqualTo(0xFFFF);
    assertThat(whole.getShort(36) & 0xFFFF)
        .isEqualTo(JoinerTraffic.sum(packet, 12, 20, 6 + packet.length - 20));
    List<byte[]> segments = new ArrayList<>();
    for (int at = headers; at < packet.length; at += size) {
      int payload = Math.min(size, packet.length - at);
      byte[] segment = Arrays.copyOf(packet, headers + payload);
      System.arraycopy(packet, at, segment, headers, payload);
      JoinerTraffic.put(segment, 2, segment.length);
      JoinerTraffic.put(segment, 4, whole.getShort(4) + segments.size());
      JoinerTraffic.putInt(segment, 24, whole.getInt(24) + at - headers);
      if (at + payload < packet.length) {
        segment[33] &= ~0x08;
      }
      segments.add(JoinerTraffic.checked(segment));
    }
    return segments;
  }
}

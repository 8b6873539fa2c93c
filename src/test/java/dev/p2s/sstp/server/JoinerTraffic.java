package dev.p2s.sstp.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Packets of a few flows as senders make them, with whatever goes wrong: gaps, segments sent again,
 * flags, other headers, wrong checksums, fragments, other protocols. The same seed gives the same.
 */
final class JoinerTraffic {

  private static final int ORDINARY = 12;

  private final SplittableRandom random;
  private final int mss;
  private final List<Flow> flows = new ArrayList<>();

  JoinerTraffic(long seed, int mss, int count) {
    this.random = new SplittableRandom(seed);
    this.mss = mss;
    for (int i = 0; i < count; i++) {
      flows.add(new Flow(i));
    }
  }

  /** The next packet; kinds from 0 on, of which most are a full segment in sequence. */
  byte[] next(int flow, int kind) {
    return flows.get(flow % flows.size()).packet(kind);
  }

  /** Full segments in sequence of the first flow. */
  List<byte[]> stream(int count) {
    List<byte[]> stream = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      stream.add(next(0, 0));
    }
    return stream;
  }

  /** Puts right checksums into an IPv4 packet without options, with TCP in it. */
  static byte[] checked(byte[] packet) {
    put(packet, 10, 0);
    put(packet, 10, ~sum(packet, 0, 20, 0) & 0xFFFF);
    put(packet, 36, 0);
    put(packet, 36, tcpChecksum(packet));
    return packet;
  }

  static int tcpChecksum(byte[] packet) {
    return ~sum(packet, 12, packet.length, 6 + packet.length - 20) & 0xFFFF;
  }

  /** RFC 1071, two bytes at a time. */
  static int sum(byte[] bytes, int from, int to, int begun) {
    int sum = begun;
    for (int i = from; i < to; i += 2) {
      sum += ((bytes[i] & 0xFF) << 8) + (i + 1 < to ? bytes[i + 1] & 0xFF : 0);
      sum = (sum & 0xFFFF) + (sum >>> 16);
    }
    return sum;
  }

  static void put(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >> 8);
    bytes[at + 1] = (byte) value;
  }

  static void putInt(byte[] bytes, int at, int value) {
    put(bytes, at, value >>> 16);
    put(bytes, at + 2, value);
  }

  private final class Flow {

    private final int number;
    private final int options;
    private int sequence = random.nextInt();
    private int id = random.nextInt();
    private int acknowledged = random.nextInt();
    private int stamp = random.nextInt();

    Flow(int number) {
      this.number = number;
      this.options = number % 2 == 0 ? 12 : 0;
    }

    byte[] packet(int kind) {
      int payload = kind == ORDINARY + 1 ? 1 + random.nextInt(mss) : mss;
      switch (kind - ORDINARY) {
        case 2 -> sequence += 1 + random.nextInt(3000);
        case 3 -> sequence -= mss;
        case 4 -> acknowledged += 1 + random.nextInt(3000);
        case 5 -> stamp++;
        case 6 -> id += 1 + random.nextInt(9);
        case 7 -> payload = 0;
        default -> {}
      }
      byte[] packet = new byte[40 + options + payload];
      random.nextBytes(packet);
      putInt(packet, 0, 0x45000000 | packet.length);
      putInt(packet, 4, (id++ & 0xFFFF) << 16 | 0x4000);
      putInt(packet, 8, 0x40060000);
      putInt(packet, 12, 0x0A000001);
      putInt(packet, 16, 0x0A000100 + number / 2);
      putInt(packet, 20, 40_000 << 16 | (5000 + number));
      putInt(packet, 24, sequence);
      putInt(packet, 28, acknowledged);
      putInt(packet, 32, ((40 + options - 20) / 4) << 28 | 0x0010 << 16 | 500);
      putInt(packet, 36, 0);
      if (options > 0) {
        putInt(packet, 40, 0x0101080A);
        putInt(packet, 44, stamp);
        putInt(packet, 48, 7);
      }
      sequence += payload;
      return spoilt(packet, kind - ORDINARY);
    }

    private byte[] spoilt(byte[] packet, int how) {
      switch (how) {
        case 8 -> packet[33] |= 0x08;
        case 9 -> packet[33] |= (byte) new int[] {1, 2, 4, 32, 64, 128}[random.nextInt(6)];
        case 10 -> packet[32] |= (byte) (1 + random.nextInt(15));
        case 11 -> packet[33] = 0;
        case 12 -> packet[1] = (byte) random.nextInt(1, 256);
        case 13 -> packet[8]--;
        case 14 -> packet[6] = new byte[] {0, 0x20, 0x60, (byte) 0x80, 0x41}[random.nextInt(5)];
        case 15 -> packet[35]++;
        case 16 -> packet[39] = 1;
        case 17 -> packet[9] = 17;
        case 18 -> packet[0] = 0x46;
        case 19 -> packet[32] = (byte) (random.nextInt(16) << 4);
        case 20 -> packet[3]++;
        default -> {}
      }
      checked(packet);
      return switch (how) {
        case 21 -> turned(packet, 10);
        case 22 -> turned(packet, 36);
        case 23 -> turned(packet, packet.length - 1);
        case 24 -> Arrays.copyOf(packet, packet.length + 1 + random.nextInt(6));
        case 25 -> Arrays.copyOf(packet, random.nextInt(packet.length));
        default -> packet;
      };
    }

    private byte[] turned(byte[] packet, int at) {
      packet[at] ^= (byte) (1 << random.nextInt(8));
      return packet;
    }
  }
}

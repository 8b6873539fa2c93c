package dev.p2s.agent.session;

import dev.p2s.api.v1alpha1.TunnelType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** What has passed in each session, and which sessions are complete. */
public final class SessionTraffic {

  /**
   * @param in bytes from the client; {@code out} bytes to it
   */
  public record Bytes(long in, long out) {
    static final Bytes NONE = new Bytes(0, 0);
  }

  /**
   * @param in packets from the client that were forwarded; {@code out} packets to it
   */
  public record Packets(long in, long out) {
    static final Packets NONE = new Packets(0, 0);
  }

  /**
   * All that has passed in a session.
   *
   * @param bytes as the server counts them, keepalives included
   * @param packets as the kernel counts them, at most 10 s ago
   */
  public record Passed(Bytes bytes, Packets packets) {
    /** Nothing has. */
    public static final Passed NOTHING = new Passed(Bytes.NONE, Packets.NONE);
  }

  /** Told what has passed since the last count. */
  @FunctionalInterface
  public interface Meter {
    void bytes(TunnelType protocol, long in, long out);
  }

  /**
   * @param earlier what passed before the server began to count anew, as charon does with every
   *     tunnel that takes another's place
   * @param last what the server said last
   */
  private record Counted(Bytes earlier, Bytes last) {

    Counted with(long in, long out) {
      boolean anew = in < last.in() || out < last.out();
      return new Counted(anew ? all() : earlier, new Bytes(in, out));
    }

    Bytes all() {
      return new Bytes(earlier.in() + last.in(), earlier.out() + last.out());
    }
  }

  /**
   * @param sinceMillis when they became so many, as far as is known; Unix time in milliseconds
   */
  private record Forwarded(Packets packets, long sinceMillis) {}

  private final Meter meter;
  private final Map<String, Forwarded> forwarded = new HashMap<>();
  private final Map<String, Counted> counted = new HashMap<>();
  private final Set<String> established = new HashSet<>();

  public SessionTraffic(Meter meter) {
    this.meter = meter;
  }

  public void established(Session session) {
    established.add(session.id());
  }

  public boolean isEstablished(Session session) {
    return established.contains(session.id());
  }

  /** What the server counts by now; less than before where it has begun to count anew. */
  public void count(Session session, long in, long out) {
    Counted before = counted.get(session.id());
    Counted after =
        before == null ? new Counted(Bytes.NONE, new Bytes(in, out)) : before.with(in, out);
    counted.put(session.id(), after);
    if (before != null) {
      meter.bytes(
          session.seat().protocol(),
          after.all().in() - before.all().in(),
          after.all().out() - before.all().out());
    }
  }

  /** What the kernel counts by now. */
  public void count(Session session, Packets packets, long nowMillis) {
    Forwarded before = forwarded.get(session.id());
    if (before == null || !before.packets().equals(packets)) {
      forwarded.put(session.id(), new Forwarded(packets, nowMillis));
    }
  }

  public Passed of(Session session) {
    Counted bytes = counted.get(session.id());
    Forwarded packets = forwarded.get(session.id());
    return new Passed(
        bytes == null ? Bytes.NONE : bytes.all(),
        packets == null ? Packets.NONE : packets.packets());
  }

  /**
   * When a packet passed last, as far as is known, Unix time in milliseconds; empty before any
   * count.
   */
  public OptionalLong lastPacket(Session session) {
    Forwarded known = forwarded.get(session.id());
    return known == null ? OptionalLong.empty() : OptionalLong.of(known.sinceMillis());
  }

  public void forget(Session session) {
    counted.remove(session.id());
    forwarded.remove(session.id());
    established.remove(session.id());
  }
}

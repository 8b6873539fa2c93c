package dev.p2s.agent.session;

import dev.p2s.api.v1alpha1.TunnelType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What has passed in each session, as the servers count it, and which sessions are complete. */
public final class SessionTraffic {

  /**
   * @param in bytes from the client; {@code out} bytes to it
   */
  public record Bytes(long in, long out) {
    static final Bytes NONE = new Bytes(0, 0);
  }

  /**
   * @param in packets from the client; {@code out} packets to it
   * @param sinceMillis when one passed last, as far as is known; Unix time in milliseconds
   */
  public record Packets(long in, long out, long sinceMillis) {
    static final Packets NONE = new Packets(0, 0, 0);
  }

  /** Told what has passed since the last count. */
  @FunctionalInterface
  public interface Meter {
    void bytes(TunnelType protocol, long in, long out);
  }

  private final Meter meter;
  private final Map<String, Bytes> bytes = new HashMap<>();
  private final Map<String, Packets> packets = new HashMap<>();
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

  public void count(Session session, long in, long out) {
    Bytes before = bytes.put(session.id(), new Bytes(in, out));
    if (before != null) {
      meter.bytes(
          session.seat().protocol(),
          Math.max(0, in - before.in()),
          Math.max(0, out - before.out()));
    }
  }

  public Bytes of(Session session) {
    return bytes.getOrDefault(session.id(), Bytes.NONE);
  }

  /** The kernel has counted the packets of a session. */
  public void packets(Session session, long in, long out, long nowMillis) {
    packets.compute(
        session.id(),
        (id, before) ->
            before != null && before.in() == in && before.out() == out
                ? before
                : new Packets(in, out, nowMillis));
  }

  public Packets packetsOf(Session session) {
    return packets.getOrDefault(session.id(), Packets.NONE);
  }

  public void forget(Session session) {
    packets.remove(session.id());
    bytes.remove(session.id());
    established.remove(session.id());
  }
}

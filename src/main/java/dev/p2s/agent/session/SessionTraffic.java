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

  private final Meter meter;
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

  public Bytes of(Session session) {
    Counted known = counted.get(session.id());
    return known == null ? Bytes.NONE : known.all();
  }

  public void forget(Session session) {
    counted.remove(session.id());
    established.remove(session.id());
  }
}

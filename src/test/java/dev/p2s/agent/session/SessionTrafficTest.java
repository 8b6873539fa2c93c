package dev.p2s.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.session.Session.Seat;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** What a server counts may begin anew, what a session has passed never falls. */
class SessionTrafficTest {

  private static final Session SESSION =
      new Session(
          "a1",
          new Person(AuthenticationType.RADIUS, "alice", List.of(), null, null),
          "192.0.2.7:4711",
          TunnelAddress.parse("10.8.0.9"),
          0,
          new Seat(TunnelType.IKEv2, ProcessSlot.IKEV2, "life", 1),
          null);

  private long metered;

  @Property
  void givenATunnelThatTookAnothersPlace_whenCounted_thenBothCountOnce(
      @ForAll @LongRange(min = 1, max = 1L << 40) long before,
      @ForAll @LongRange(min = 0, max = 1L << 40) long after) {
    SessionTraffic traffic = new SessionTraffic((protocol, in, out) -> metered += in + out);
    metered = 0;
    traffic.count(SESSION, 0, 0);
    traffic.count(SESSION, before, before);
    boolean anew = after < before;
    traffic.count(SESSION, after, after);

    long all = anew ? before + after : after;
    assertThat(traffic.of(SESSION).bytes()).isEqualTo(new SessionTraffic.Bytes(all, all));
    assertThat(metered).isEqualTo(2 * all);
  }
}

package dev.p2s.agent.radius;

import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.aaa4j.radius.core.attribute.Attribute;
import org.aaa4j.radius.core.attribute.TextData;
import org.aaa4j.radius.core.attribute.attributes.AcctSessionId;
import org.aaa4j.radius.core.attribute.attributes.AcctTerminateCause;
import org.aaa4j.radius.core.attribute.attributes.CallingStationId;
import org.aaa4j.radius.core.attribute.attributes.Class;
import org.aaa4j.radius.core.attribute.attributes.EventTimestamp;
import org.aaa4j.radius.core.attribute.attributes.FramedIpAddress;
import org.aaa4j.radius.core.attribute.attributes.MessageAuthenticator;
import org.aaa4j.radius.core.attribute.attributes.NasIdentifier;
import org.aaa4j.radius.core.attribute.attributes.NasIpAddress;
import org.aaa4j.radius.core.attribute.attributes.NasIpv6Address;
import org.aaa4j.radius.core.attribute.attributes.ProxyState;
import org.aaa4j.radius.core.attribute.attributes.ReplyMessage;
import org.aaa4j.radius.core.attribute.attributes.UserName;
import org.aaa4j.radius.core.packet.Packet;

/**
 * A Disconnect-Request (RFC 5176) whose signature holds: which sessions shall end.
 *
 * @param packet what was said
 */
public record DisconnectRequest(Packet packet) {

  /** How far its Event-Timestamp may lie from now: "a time window of 300 seconds". */
  static final Duration WINDOW = Duration.ofSeconds(300);

  // NAS-IP-Address is what the server calls us by: which address that is, nobody in a pod knows
  private static final Set<java.lang.Class<?>> KNOWN =
      Set.of(
          UserName.class,
          FramedIpAddress.class,
          CallingStationId.class,
          AcctSessionId.class,
          Class.class,
          NasIdentifier.class,
          NasIpAddress.class,
          NasIpv6Address.class,
          EventTimestamp.class,
          MessageAuthenticator.class,
          ProxyState.class,
          ReplyMessage.class,
          AcctTerminateCause.class);

  /** Error-Cause (RFC 5176, section 3.5). */
  public enum Cause {
    UNSUPPORTED_ATTRIBUTE(401),
    MISSING_ATTRIBUTE(402),
    NAS_IDENTIFICATION_MISMATCH(403),
    UNSUPPORTED_EXTENSION(406),
    SESSION_CONTEXT_NOT_FOUND(503);

    private final int number;

    Cause(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  /** What is to be done about it. */
  public sealed interface Verdict {

    /** These sessions end, one or more. */
    record End(List<Session> sessions) implements Verdict {}

    /** None does, and the server is told why. */
    record Refuse(Cause cause) implements Verdict {}

    /** It is not of now: somebody may have kept it, and gets no answer. */
    record Ignore() implements Verdict {}
  }

  /**
   * @param nasIdentifier what the gateway calls itself
   * @param sessions those of this pod
   */
  Verdict judge(String nasIdentifier, Iterable<Session> sessions, Instant now) {
    Optional<Instant> at =
        packet.getAttribute(EventTimestamp.class).map(stamp -> stamp.getData().getValue());
    if (at.filter(then -> Duration.between(then, now).abs().compareTo(WINDOW) > 0).isPresent()) {
      return new Verdict.Ignore();
    }
    if (packet.getCode() != DisconnectPackets.DISCONNECT_REQUEST) {
      return new Verdict.Refuse(Cause.UNSUPPORTED_EXTENSION);
    }
    if (text(NasIdentifier.class).filter(name -> !name.equals(nasIdentifier)).isPresent()) {
      return new Verdict.Refuse(Cause.NAS_IDENTIFICATION_MISMATCH);
    }
    if (packet.getAttributes().stream().anyMatch(each -> !KNOWN.contains(each.getClass()))) {
      return new Verdict.Refuse(Cause.UNSUPPORTED_ATTRIBUTE);
    }
    boolean namesOne = packet.getAttribute(AcctSessionId.class).isPresent();
    boolean namesSome =
        packet.getAttribute(UserName.class).isPresent()
            || packet.getAttribute(FramedIpAddress.class).isPresent()
            || packet.getAttribute(CallingStationId.class).isPresent();
    // without a time it could be sent again later, which only a session's id makes harmless
    if (!namesOne && (!namesSome || at.isEmpty())) {
      return new Verdict.Refuse(Cause.MISSING_ATTRIBUTE);
    }
    List<Session> meant =
        java.util.stream.StreamSupport.stream(sessions.spliterator(), false)
            .filter(this::means)
            .toList();
    return meant.isEmpty()
        ? new Verdict.Refuse(Cause.SESSION_CONTEXT_NOT_FOUND)
        : new Verdict.End(meant);
  }

  // "all session identification attributes must match" (RFC 5176, section 3)
  private boolean means(Session session) {
    String station = LoginRequests.withoutPort(session.clientAddress());
    return text(AcctSessionId.class).filter(id -> !id.equals(session.id())).isEmpty()
        && text(UserName.class)
            .filter(user -> !user.equalsIgnoreCase(session.credential().user()))
            .isEmpty()
        && text(CallingStationId.class).filter(from -> !from.equals(station)).isEmpty()
        && packet
            .getAttribute(FramedIpAddress.class)
            .map(address -> address.getData().getValue().getHostAddress())
            .filter(address -> !address.equals(session.address().toString()))
            .isEmpty()
        && packet.getAttributes(Class.class).stream()
            .map(each -> Base64.getEncoder().encodeToString(each.getData().getValue()))
            .allMatch(
                each ->
                    session.credential() instanceof Person person
                        && person.accounting().classes().contains(each));
  }

  private <A extends Attribute<TextData>> Optional<String> text(java.lang.Class<A> which) {
    return packet.getAttribute(which).map(attribute -> attribute.getData().getValue());
  }
}

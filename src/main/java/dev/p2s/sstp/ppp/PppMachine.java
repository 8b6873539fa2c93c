package dev.p2s.sstp.ppp;

import dev.p2s.sstp.ppp.PppLink.Stage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The server's end of a PPP link as a function of state, event and time. What it does not know it
 * rejects; what is malformed or out of place it ignores, as RFC 1661 wants it.
 */
public final class PppMachine {

  private static final long RETRY = 3_000;
  private static final int TRIES = 5;

  /** As long as a RADIUS server may need, a second factor included. */
  private static final long DECISION = 55_000;

  private static final int TERMINATE_TRIES = 2;

  private final LcpPolicy lcp;
  private final PppReplies replies;
  private final byte[] challenge;
  private final String name;

  /**
   * @param mru the largest packet in bytes, 576–1500
   * @param magic random, not zero
   * @param protocols how clients may authenticate, the best first
   * @param challenge 16 random bytes, for this link only
   * @param name the server's, for MSCHAPv2
   */
  public PppMachine(
      int mru, int magic, List<AuthenticationProtocol> protocols, byte[] challenge, String name) {
    this.lcp = new LcpPolicy(mru, magic, List.copyOf(protocols));
    this.replies = new PppReplies(lcp);
    this.challenge = challenge.clone();
    this.name = name;
  }

  /**
   * @param link the state after
   * @param actions in order
   */
  public record Step(PppLink link, List<PppAction> actions) {}

  /** A link that begins. */
  public Step begin(long now) {
    Negotiation.Step first = Negotiation.begin(lcp, now);
    PppLink link =
        new PppLink(Stage.ESTABLISH, first.next(), null, null, 0, null, Long.MAX_VALUE, 0);
    return new Step(link, PppReplies.say(PppProtocol.LCP, first.say()));
  }

  /** What an event makes of a link. */
  public Step step(PppLink link, PppEvent event, long now) {
    if (link.stage() == Stage.DEAD) {
      return stay(link);
    }
    return switch (event) {
      case PppEvent.Received(PppFrame frame) -> received(link, frame, now);
      case PppEvent.Admitted(Lease lease, String proof) when link.stage() == Stage.DECIDE ->
          admitted(link, lease, proof, now);
      case PppEvent.Refused refused when link.stage() == Stage.DECIDE ->
          refused(link, refused, now);
      case PppEvent.Continued(ControlPacket request) when link.stage() == Stage.DECIDE ->
          asking(link, Optional.of(request), now);
      case PppEvent.Continued late -> stay(link);
      case PppEvent.Admitted late -> stay(link);
      case PppEvent.Refused late -> stay(link);
      case PppEvent.HangUp(String why) ->
          link.stage() == Stage.TERMINATE ? stay(link) : terminate(link, why, now);
      case PppEvent.Tick tick -> tick(link, now);
    };
  }

  private Step received(PppLink link, PppFrame frame, long now) {
    int protocol = frame.protocol();
    if (protocol != PppProtocol.LCP
        && (link.stage() == Stage.ESTABLISH || link.stage() == Stage.TERMINATE)) {
      return stay(link);
    }
    boolean known =
        protocol == PppProtocol.LCP
            || protocol == PppProtocol.IPCP
            || protocol == PppProtocol.IPV4
            || protocol == PppProtocol.PAP
            || protocol == PppProtocol.CHAP
            || protocol == PppProtocol.EAP;
    if (!known) {
      return new Step(link, List.of(replies.protocolReject(link, frame)));
    }
    Optional<ControlPacket> packet = ControlPacket.read(frame.payload());
    if (packet.isEmpty() || protocol == PppProtocol.IPV4) {
      return stay(link);
    }
    return switch (protocol) {
      case PppProtocol.LCP -> link(link, packet.get(), now);
      case PppProtocol.IPCP -> network(link, packet.get(), now);
      default -> authentication(link, protocol, packet.get(), now);
    };
  }

  private Step link(PppLink link, ControlPacket packet, long now) {
    return switch (packet.code()) {
      case ControlPacket.CONFIGURE_REQUEST,
          ControlPacket.CONFIGURE_ACK,
          ControlPacket.CONFIGURE_NAK,
          ControlPacket.CONFIGURE_REJECT ->
          link.stage() == Stage.TERMINATE
              ? stay(link)
              : negotiated(link, link.lcp().take(packet, lcp, now), now);
      case ControlPacket.TERMINATE_REQUEST ->
          over(
              link,
              "hung up by the client",
              PppReplies.say(
                  PppProtocol.LCP,
                  List.of(
                      new ControlPacket(ControlPacket.TERMINATE_ACK, packet.id(), packet.data()))));
      case ControlPacket.TERMINATE_ACK ->
          link.stage() == Stage.TERMINATE ? over(link, "hung up", List.of()) : stay(link);
      case ControlPacket.PROTOCOL_REJECT ->
          packet.data().length >= 2
                  && (ByteBuffer.wrap(packet.data()).getShort() & 0xFFFF) == PppProtocol.IPCP
              ? terminate(link, "the client knows no IPv4", now)
              : stay(link);
      case ControlPacket.ECHO_REQUEST -> new Step(link, replies.echo(link, packet));
      case ControlPacket.CODE_REJECT, ControlPacket.ECHO_REPLY, ControlPacket.DISCARD_REQUEST ->
          stay(link);
      default -> new Step(link, List.of(replies.codeReject(link, PppProtocol.LCP, packet)));
    };
  }

  private Step negotiated(PppLink link, Negotiation.Step step, long now) {
    PppLink next = link.with(step.next());
    List<PppAction> actions = new ArrayList<>(PppReplies.say(PppProtocol.LCP, step.say()));
    if (step.next().hasFailed()) {
      Step ended = terminate(next, "no agreement on the link", now);
      actions.addAll(ended.actions());
      return new Step(ended.link(), actions);
    }
    if (link.stage() != Stage.ESTABLISH || !step.next().isOpen()) {
      return new Step(next, actions);
    }
    Step login = asking(next, protocol(next).opening(), now);
    actions.addAll(login.actions());
    return new Step(login.link(), actions);
  }

  private Step network(PppLink link, ControlPacket packet, long now) {
    if (link.ipcp() == null) {
      return stay(link);
    }
    return switch (packet.code()) {
      case ControlPacket.CONFIGURE_REQUEST,
          ControlPacket.CONFIGURE_ACK,
          ControlPacket.CONFIGURE_NAK,
          ControlPacket.CONFIGURE_REJECT ->
          addressed(link, link.ipcp().take(packet, new IpcpPolicy(link.lease()), now), now);
      case ControlPacket.TERMINATE_REQUEST -> terminate(link, "the client ends IPv4", now);
      case ControlPacket.TERMINATE_ACK, ControlPacket.CODE_REJECT -> stay(link);
      default -> new Step(link, List.of(replies.codeReject(link, PppProtocol.IPCP, packet)));
    };
  }

  private Step addressed(PppLink link, Negotiation.Step step, long now) {
    PppLink next = link.withNetwork(step.next());
    List<PppAction> actions = new ArrayList<>(PppReplies.say(PppProtocol.IPCP, step.say()));
    if (step.next().hasFailed()) {
      Step ended = terminate(next, "no agreement on addresses", now);
      actions.addAll(ended.actions());
      return new Step(ended.link(), actions);
    }
    if (link.stage() == Stage.NETWORK && step.next().isOpen()) {
      actions.add(new PppAction.Open());
      next = next.at(Stage.OPEN, link.question(), Long.MAX_VALUE, 0);
    }
    return new Step(next, actions);
  }

  private Step tick(PppLink link, long now) {
    return switch (link.stage()) {
      case ESTABLISH -> negotiated(link, link.lcp().tick(now), now);
      case AUTHENTICATE -> now < link.deadline() ? stay(link) : askAgain(link, now);
      case DECIDE ->
          now < link.deadline()
              ? stay(link)
              : refused(
                  link, new PppEvent.Refused(false, "Nobody has decided in time. Try again."), now);
      case NETWORK -> addressed(link, link.ipcp().tick(now), now);
      case OPEN, DEAD -> stay(link);
      case TERMINATE -> {
        if (now < link.deadline()) {
          yield stay(link);
        }
        yield link.tries() >= TERMINATE_TRIES
            ? over(link, "hung up", List.of())
            : new Step(
                link.at(Stage.TERMINATE, link.question(), now + RETRY, link.tries() + 1),
                List.of(PppReplies.terminate("")));
      }
    };
  }

  private Step terminate(PppLink link, String why, long now) {
    return new Step(
        link.at(Stage.TERMINATE, link.question(), now + RETRY, 1),
        List.of(PppReplies.terminate(why)));
  }

  private static Step over(PppLink link, String why, List<PppAction> before) {
    List<PppAction> actions = new ArrayList<>(before);
    actions.add(new PppAction.Over(why));
    return new Step(link.at(Stage.DEAD, link.question(), Long.MAX_VALUE, 0), actions);
  }

  private static Step stay(PppLink link) {
    return new Step(link, List.of());
  }

  private Step authentication(PppLink link, int number, ControlPacket packet, long now) {
    LoginProtocol protocol = protocol(link);
    if (number != protocol.number()) {
      return stay(link);
    }
    Optional<? extends Login> shown = protocol.login(packet, link.question());
    if (shown.isEmpty() || link.stage() == Stage.DECIDE) {
      return stay(link);
    }
    if (link.stage() != Stage.AUTHENTICATE) {
      // The answer was on its way; it is given again, never decided again.
      return packet.id() == link.question()
          ? new Step(link, PppReplies.say(number, List.of(link.answer())))
          : stay(link);
    }
    return new Step(
        link.at(Stage.DECIDE, packet.id(), now + DECISION, 0),
        List.of(new PppAction.Ask(shown.get())));
  }

  private Step asking(PppLink link, Optional<ControlPacket> request, long now) {
    return new Step(
        link.asking(request.orElse(null), request.map(ControlPacket::id).orElse(0), now + RETRY),
        PppReplies.say(protocol(link).number(), request.stream().toList()));
  }

  private Step admitted(PppLink link, Lease lease, String proof, long now) {
    LoginProtocol protocol = protocol(link);
    ControlPacket welcome = protocol.welcome(link.question(), proof);
    Negotiation.Step network = Negotiation.begin(new IpcpPolicy(lease), now);
    List<PppAction> actions = new ArrayList<>(PppReplies.say(protocol.number(), List.of(welcome)));
    actions.addAll(PppReplies.say(PppProtocol.IPCP, network.say()));
    return new Step(link.admitted(lease, welcome, network.next()), actions);
  }

  private Step refused(PppLink link, PppEvent.Refused refused, long now) {
    LoginProtocol protocol = protocol(link);
    ControlPacket no = protocol.refusal(link.question(), refused.lasting(), refused.sentence());
    List<PppAction> actions = new ArrayList<>(PppReplies.say(protocol.number(), List.of(no)));
    Step ended = terminate(link, refused.sentence(), now);
    actions.addAll(ended.actions());
    return new Step(ended.link(), actions);
  }

  private Step askAgain(PppLink link, long now) {
    if (link.tries() >= TRIES) {
      return terminate(link, "no login", now);
    }
    return new Step(
        link.at(Stage.AUTHENTICATE, link.question(), now + RETRY, link.tries() + 1),
        link.answer() == null
            ? List.of()
            : PppReplies.say(protocol(link).number(), List.of(link.answer())));
  }

  private LoginProtocol protocol(PppLink link) {
    return AuthenticationProtocol.of(link.asked(LcpPolicy.AUTHENTICATION))
        .orElseThrow()
        .protocol(challenge, name);
  }
}

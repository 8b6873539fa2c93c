package dev.p2s.agent.radius;

import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Refusal;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.aaa4j.radius.core.attribute.attributes.UserName;
import org.aaa4j.radius.core.packet.Packet;
import org.jboss.logging.Logger;

/**
 * Carries EAP between clients of charon or the SSTP endpoint and the customer's RADIUS servers,
 * whatever the method, and has the policy point decide on whom a server lets in. A conversation
 * stays with the server that it was begun with; it is begun with another one where the first does
 * not answer at once.
 */
final class EapRelay {

  private static final Logger LOG = Logger.getLogger(EapRelay.class);

  /** Nobody has to do anything for the first answer: a server that is there gives it at once. */
  private static final Duration FIRST_ANSWER = Duration.ofSeconds(3);

  private static final int DECISION_SECONDS = 10;

  private static final int EAP_FAILURE = 4;

  private static final Refusal AWAY =
      new Refusal(
          Refusal.Reason.AUTHENTICATION_AWAY,
          "The RADIUS server does not answer. Try again later.");
  private static final Refusal IN_TIME =
      new Refusal(
          Refusal.Reason.LOGIN_EXPIRED,
          "Your login was not confirmed in time, or the RADIUS server does not answer. Log in"
              + " again.");
  private static final Refusal NO_NAME =
      new Refusal(
          Refusal.Reason.WRONG_CREDENTIAL,
          "A user name has 1 to " + LoginRequests.LONGEST_NAME + " bytes.");

  private final RadiusServers servers;
  private final EapAdmission admission;
  private final Clock clock;
  private final SecureRandom random;
  private final PendingChallenges conversations = new PendingChallenges();

  EapRelay(RadiusServers servers, EapAdmission admission, Clock clock, SecureRandom random) {
    this.servers = servers;
    this.admission = admission;
    this.clock = clock;
    this.random = random;
  }

  /** What to say to a step; blocks the caller as long as a person may need to confirm it. */
  EapStep answer(EapStep.Said said) {
    Optional<RadiusSettings> asked = servers.settings();
    if (asked.isEmpty()) {
      return refuse(said, AWAY);
    }
    if (!LoginRequests.canName(said.user())) {
      return refuse(said, NO_NAME);
    }
    return said.conversation().isEmpty()
        ? begin(said, asked.get())
        : goOn(said, said.conversation().get(), asked.get());
  }

  private EapStep begin(EapStep.Said said, RadiusSettings asked) {
    Duration patience =
        asked.timeout().compareTo(FIRST_ANSWER) < 0 ? asked.timeout() : FIRST_ANSWER;
    List<RadiusServer> tried = new ArrayList<>();
    Optional<RadiusServer> server = servers.next(asked, tried);
    while (server.isPresent()) {
      RadiusServers.Reply reply = ask(said, new byte[0], asked, server.get(), patience);
      if (reply instanceof RadiusServers.Reply.Answer answer) {
        return step(said, server.get(), answer);
      }
      tried.add(server.get());
      server = servers.next(asked, tried);
    }
    return refuse(said, AWAY);
  }

  private EapStep goOn(EapStep.Said said, String conversation, RadiusSettings asked) {
    Optional<PendingChallenges.Pending> pending =
        conversations.take(conversation, said.user(), clock.instant());
    if (pending.isEmpty()) {
      return refuse(said, IN_TIME);
    }
    RadiusServer server = pending.get().server();
    return switch (ask(said, pending.get().state(), asked, server, asked.timeout())) {
      case RadiusServers.Reply.Answer answer -> step(said, server, answer);
      case RadiusServers.Reply.Silence(boolean away) -> refuse(said, away ? AWAY : IN_TIME);
    };
  }

  private RadiusServers.Reply ask(
      EapStep.Said said, byte[] state, RadiusSettings asked, RadiusServer server, Duration within) {
    return servers.ask(
        server,
        LoginRequests.eap(asked, said.user(), said.eap(), state, said.client().address()),
        within);
  }

  private EapStep step(EapStep.Said said, RadiusServer server, RadiusServers.Reply.Answer answer) {
    Packet packet = answer.packet();
    return switch (LoginAnswer.of(packet, Optional.empty())) {
      case LoginAnswer.Accepted accepted -> admit(said, server, answer, accepted);
      case LoginAnswer.Challenge challenge -> {
        byte[] name = new byte[16];
        random.nextBytes(name);
        String conversation = HexFormat.of().formatHex(name);
        conversations.add(
            conversation,
            new PendingChallenges.Pending(
                said.user(),
                server,
                challenge.state(),
                clock.instant().plus(PendingChallenges.VALIDITY)));
        yield new EapStep.Ask(EapPackets.of(packet).orElse(new byte[0]), conversation);
      }
      case LoginAnswer.Rejected(String why) -> {
        admission.refused(
            said.client(),
            said.user(),
            new Refusal(
                Refusal.Reason.WRONG_CREDENTIAL,
                "The RADIUS server refuses this login."
                    + (why.isEmpty() ? "" : " It says: " + why)));
        yield new EapStep.Refuse(EapPackets.of(packet).orElseGet(() -> failure(said)));
      }
    };
  }

  private EapStep admit(
      EapStep.Said said,
      RadiusServer server,
      RadiusServers.Reply.Answer answer,
      LoginAnswer.Accepted accepted) {
    // where a method hides the name from the gateway, the server says whom it means (RFC 2865, 5.1)
    String user =
        answer
            .packet()
            .getAttribute(UserName.class)
            .map(name -> name.getData().getValue())
            .filter(LoginRequests::canName)
            .orElse(said.user());
    Optional<TunnelAddress> address =
        decided(said.client(), accepted.person(user, clock.instant()));
    if (address.isEmpty()) {
      return new EapStep.Refuse(failure(said));
    }
    return new EapStep.Admit(
        EapPackets.of(answer.packet()).orElse(new byte[0]),
        MppeKeys.of(answer, server, MppeKeys.SEND),
        MppeKeys.of(answer, server, MppeKeys.RECEIVE),
        address.get());
  }

  private Optional<TunnelAddress> decided(EapClient client, Person person) {
    CompletableFuture<Optional<TunnelAddress>> decision = new CompletableFuture<>();
    admission.decide(client, person, decision::complete);
    try {
      return decision.get(DECISION_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException | TimeoutException e) {
      LOG.error("an EAP login is refused: nobody has decided on it in time");
      return Optional.empty();
    }
  }

  private EapStep refuse(EapStep.Said said, Refusal why) {
    admission.refused(said.client(), said.user(), why);
    return new EapStep.Refuse(failure(said));
  }

  /** An EAP packet that says no to the one that was sent (RFC 3748, section 4.2). */
  private static byte[] failure(EapStep.Said said) {
    byte number = said.eap().length > 1 ? said.eap()[1] : 0;
    return new byte[] {EAP_FAILURE, number, 0, 4};
  }
}

package dev.p2s.sstp.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.dataplane.kernel.TunnelAddress;
import dev.p2s.dataplane.sstp.EndpointCommand;
import dev.p2s.dataplane.sstp.EndpointEvent;
import dev.p2s.sstp.binding.HigherLayerKey;
import dev.p2s.sstp.ppp.Lease;
import dev.p2s.sstp.ppp.Login;
import dev.p2s.sstp.server.Caller;
import dev.p2s.sstp.server.Gatekeeper.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class AgentDeskTest {

  private static final TunnelAddress CLIENT = TunnelAddress.parse("172.16.0.2");
  private static final TunnelAddress GATEWAY = TunnelAddress.parse("172.16.0.1");
  private static final Login LOGIN = new Login.Pap("alice", "secret");

  private final AgentDesk desk = new AgentDesk("e1");
  private final List<EndpointEvent> heard = new ArrayList<>();
  private final Consumer<EndpointEvent> agent = heard::add;
  private final List<Verdict> verdicts = new ArrayList<>();
  private final List<String> hungUp = new ArrayList<>();
  private final Caller caller = new Caller(7, "192.0.2.1:5", () -> hungUp.add("7"));

  @Test
  void givenNoAgent_whenSomebodyAsks_thenTheyAreToldToTryAgain() {
    desk.ask(caller, LOGIN, verdicts::add);

    assertThat(verdicts)
        .singleElement()
        .isInstanceOfSatisfying(
            Verdict.Sorry.class, sorry -> assertThat(sorry.lasting()).isFalse());
  }

  @Test
  void givenAnAgent_whenItWelcomesSomebody_thenTheyGetTheirAddressAndKey() {
    desk.attach(agent);
    desk.ask(caller, LOGIN, verdicts::add);
    assertThat(heard)
        .containsExactly(
            new EndpointEvent.Attached("e1", List.of()),
            new EndpointEvent.Arrived(
                7, "192.0.2.1:5", new EndpointEvent.Password("alice", "secret")));

    desk.obey(welcome(new byte[0]));
    desk.obey(welcome(new byte[0]));

    assertThat(verdicts)
        .containsExactly(
            new Verdict.Welcome(
                new Lease(0xAC100002, 0xAC100001, List.of(0xAC100001)), "", HigherLayerKey.NONE));
  }

  @Test
  void givenAKey_whenItComesWithAWelcome_thenTheBindingIsMadeWithIt() {
    desk.attach(agent);
    desk.ask(caller, LOGIN, verdicts::add);
    byte[] key = new byte[32];
    key[3] = 9;

    desk.obey(welcome(key));

    assertThat(((Verdict.Welcome) verdicts.getFirst()).key()).isEqualTo(HigherLayerKey.of(key));
  }

  @Test
  void givenAnEapConversation_whenTheAgentAsksOn_thenTheCallerIsAskedAndComesAgain() {
    desk.attach(agent);
    desk.ask(caller, new Login.Eap(1, new byte[] {1, 'a'}), verdicts::add);
    assertThat(((EndpointEvent.Eap) ((EndpointEvent.Arrived) heard.getLast()).shown()).packet())
        .containsExactly(2, 1, 0, 6, 1, 'a');

    byte[] request = {1, 2, 0, 6, 26, 7};
    desk.obey(new EndpointCommand.Ask(7, request));
    desk.obey(new EndpointCommand.Ask(7, new byte[] {1, 9, 0, 4}));
    desk.ask(caller, new Login.Eap(2, new byte[] {26, 8}), verdicts::add);
    desk.obey(welcome(new byte[32]));

    assertThat(verdicts).hasSize(2);
    assertThat(verdicts.getFirst()).isEqualTo(new Verdict.More(request));
    assertThat(verdicts.getLast()).isInstanceOf(Verdict.Welcome.class);
  }

  @Test
  void givenSomebodyWhoWaits_whenAnotherAgentComes_thenTheyAreAnnouncedAgain() {
    desk.attach(agent);
    desk.ask(caller, LOGIN, verdicts::add);
    desk.detach(agent);
    List<EndpointEvent> second = new ArrayList<>();

    desk.attach(second::add);
    desk.obey(new EndpointCommand.Refuse(7, true, "No."));

    assertThat(second).hasSize(2).last().isInstanceOf(EndpointEvent.Arrived.class);
    assertThat(verdicts).containsExactly(new Verdict.Sorry(true, "No."));
  }

  @Test
  void givenACallThatWasLetIn_whenAnotherAgentComes_thenItIsToldOfItAndNotAskedAgain() {
    desk.attach(agent);
    desk.ask(caller, LOGIN, verdicts::add);
    desk.obey(welcome(new byte[0]));
    desk.connected(caller);
    List<EndpointEvent> second = new ArrayList<>();

    desk.attach(second::add);
    desk.detach(agent);
    desk.tellTraffic();
    desk.obey(new EndpointCommand.HangUp(7));
    desk.gone(caller, "hung up");
    desk.gone(caller, "hung up");

    assertThat(hungUp).containsExactly("7");
    assertThat(second)
        .containsExactly(
            new EndpointEvent.Attached("e1", List.of(new EndpointEvent.Call(7, CLIENT, true))),
            new EndpointEvent.Carried(7, 0, 0),
            new EndpointEvent.Left(7, "hung up", 0, 0));
  }

  private static EndpointCommand.Welcome welcome(byte[] key) {
    return new EndpointCommand.Welcome(7, CLIENT, GATEWAY, List.of(GATEWAY), "", key);
  }
}

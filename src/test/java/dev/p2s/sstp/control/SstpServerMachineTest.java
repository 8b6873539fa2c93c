package dev.p2s.sstp.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.sstp.binding.BindingClaim;
import dev.p2s.sstp.binding.BindingRequest;
import dev.p2s.sstp.binding.CryptoBinding;
import dev.p2s.sstp.binding.HashProtocol;
import dev.p2s.sstp.binding.HigherLayerKey;
import dev.p2s.sstp.control.SstpCall.State;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SstpServerMachineTest {

  private static final ClientMessage WISH = new ClientMessage.ConnectRequest(1);
  private static final BindingClaim CLAIM =
      new BindingClaim(
          HashProtocol.SHA256, new byte[32], new byte[32], new byte[32], new byte[112]);

  private final BindingRequest request =
      new BindingRequest(Set.of(HashProtocol.SHA256), new byte[32]);
  private final SstpServerMachine machine =
      new SstpServerMachine(request, new CryptoBinding(request, new byte[] {1}));

  @Test
  void givenAClientThatSaysNothing_whenAMinuteHasPassed_thenItIsAborted() {
    SstpServerMachine.Step late = machine.step(SstpCall.begun(0), new SstpEvent.Tick(0), 60_000);

    assertThat(late.call().state()).isEqualTo(State.ABORT_SENT);
    assertThat(status(late)).isEqualTo(Status.NEGOTIATION_TIMEOUT.code());
  }

  @Test
  void givenAClientThatNeverBinds_whenAnotherMinuteHasPassed_thenItIsAborted() {
    SstpCall pending = said(SstpCall.begun(0), WISH, 59_000).call();

    assertThat(machine.step(pending, new SstpEvent.Tick(118_000), 118_000).actions()).isEmpty();
    assertThat(machine.step(pending, new SstpEvent.Tick(119_000), 119_000).call().state())
        .isEqualTo(State.ABORT_SENT);
  }

  @Test
  void givenACall_whenTheClientFallsSilent_thenItIsAskedAndThenAborted() {
    SstpCall connected = new SstpCall(State.CONNECTED, 60_000, 0, false, HigherLayerKey.NONE);

    assertThat(machine.step(connected, new SstpEvent.Tick(100), 59_999).actions()).isEmpty();
    SstpServerMachine.Step asked = machine.step(connected, new SstpEvent.Tick(0), 60_000);
    assertThat(sent(asked)[5]).isEqualTo((byte) 8);
    SstpServerMachine.Step heard = machine.step(asked.call(), new SstpEvent.Tick(60_100), 61_000);
    assertThat(heard.call().asked()).isFalse();
    SstpServerMachine.Step given = machine.step(asked.call(), new SstpEvent.Tick(0), 120_000);
    assertThat(given.call().state()).isEqualTo(State.ABORT_SENT);
  }

  @Test
  void givenAnAbort_whenNobodyAnswers_thenTheConnectionIsClosedAfterThreeSeconds() {
    SstpCall aborted =
        machine.step(SstpCall.begun(0), new SstpEvent.UnexpectedData(), 1_000).call();

    assertThat(machine.step(aborted, new SstpEvent.Tick(0), 3_999).actions()).isEmpty();
    assertThat(machine.step(aborted, new SstpEvent.Tick(0), 4_000).actions())
        .containsExactly(new SstpAction.Close());
  }

  @Test
  void givenAnAbort_whenTheClientAnswers_thenTheConnectionIsClosedAfterOneSecond() {
    SstpCall aborted =
        machine.step(SstpCall.begun(0), new SstpEvent.UnexpectedData(), 1_000).call();
    SstpCall leaving = said(aborted, new ClientMessage.Abort(), 1_100).call();

    assertThat(said(leaving, new ClientMessage.Abort(), 1_200).actions()).isEmpty();
    assertThat(machine.step(leaving, new SstpEvent.Tick(0), 2_100).actions())
        .containsExactly(new SstpAction.Close());
  }

  @Test
  void givenAConnectedCall_whenAMessageOfItsBeginningComes_thenItIsAborted() {
    SstpCall connected = new SstpCall(State.CONNECTED, 60_000, 0, false, HigherLayerKey.NONE);
    for (ClientMessage message :
        List.of(WISH, new ClientMessage.Connected(CLAIM), new ClientMessage.NotAClients())) {
      assertThat(status(said(connected, message, 10)))
          .isEqualTo(Status.UNACCEPTED_FRAME_RECEIVED.code());
    }
  }

  @Test
  void givenNoLogin_whenTheClientSaysConnected_thenNothingIsEverOpened() {
    SstpCall pending = said(SstpCall.begun(0), WISH, 0).call();

    SstpServerMachine.Step step = said(pending, new ClientMessage.Connected(CLAIM), 1);

    assertThat(step.actions()).doesNotContain(new SstpAction.Connected());
    assertThat(step.call().state()).isEqualTo(State.ABORT_SENT);
  }

  @Property(tries = 5_000)
  void givenAnyEvents_whenTheyHappenInAnyOrder_thenACallOpensOnlyWithAProofAndAlwaysEnds(
      @ForAll("events") List<SstpEvent> events) {
    SstpCall call = SstpCall.begun(0);
    long now = 0;
    for (SstpEvent event : events) {
      now += 700;
      SstpServerMachine.Step step = machine.step(call, event, now);
      // every claim here is wrong
      assertThat(step.actions()).doesNotContain(new SstpAction.Connected());
      assertThat(step.actions()).hasSizeLessThanOrEqualTo(2);
      call = step.call();
    }
    for (int i = 0; i < 200 && call.state() != State.CLOSED; i++) {
      now += 1_000;
      call = machine.step(call, new SstpEvent.Tick(0), now).call();
    }
    assertThat(call.state()).isEqualTo(State.CLOSED);
  }

  @Provide
  Arbitrary<List<SstpEvent>> events() {
    return Arbitraries.<SstpEvent>of(
            new SstpEvent.Said(WISH),
            new SstpEvent.Said(new ClientMessage.ConnectRequest(9)),
            new SstpEvent.Said(new ClientMessage.Connected(CLAIM)),
            new SstpEvent.Said(new ClientMessage.Abort()),
            new SstpEvent.Said(new ClientMessage.Disconnect()),
            new SstpEvent.Said(new ClientMessage.DisconnectAck()),
            new SstpEvent.Said(new ClientMessage.EchoRequest()),
            new SstpEvent.Said(new ClientMessage.EchoResponse()),
            new SstpEvent.Said(new ClientMessage.NotAClients()),
            new SstpEvent.Malformed(Status.DUPLICATE_ATTRIBUTE, 1),
            new SstpEvent.Malformed(Status.INVALID_FRAME_RECEIVED, 0),
            new SstpEvent.UnexpectedData(),
            new SstpEvent.Authenticated(HigherLayerKey.NONE),
            new SstpEvent.HangUp(),
            new SstpEvent.Tick(0))
        .list()
        .ofMaxSize(30);
  }

  private SstpServerMachine.Step said(SstpCall call, ClientMessage message, long now) {
    return machine.step(call, new SstpEvent.Said(message), now);
  }

  private static byte[] sent(SstpServerMachine.Step step) {
    return ((SstpAction.Send) step.actions().getFirst()).packet();
  }

  private static int status(SstpServerMachine.Step step) {
    byte[] packet = sent(step);
    return packet[packet.length - 1];
  }
}

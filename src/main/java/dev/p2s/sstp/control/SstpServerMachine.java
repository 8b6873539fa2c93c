package dev.p2s.sstp.control;

import dev.p2s.sstp.binding.BindingRequest;
import dev.p2s.sstp.binding.CryptoBinding;
import dev.p2s.sstp.control.SstpCall.State;
import java.util.List;

/**
 * The server's side of a call as a function of state, event and time ([MS-SSTP] 3.1 and 3.3).
 * Events that a state does not wait for abort the call; once it is being ended they are ignored.
 */
public final class SstpServerMachine {

  /** How long a client may take for each part of its way in (TIMER_VAL_NEGOTIATION_TIMER). */
  static final long NEGOTIATION = 60_000;

  /** How long a client may be silent before it is asked, and again before it is given up. */
  static final long HELLO = 60_000;

  private static final long ABORT_ANSWER = 3_000;
  private static final long DISCONNECT_ANSWER = 5_000;
  private static final long LINGER = 1_000;

  /** Wishes that are refused before the client is. */
  private static final int REFUSALS = 3;

  private final BindingRequest request;
  private final CryptoBinding binding;

  public SstpServerMachine(BindingRequest request, CryptoBinding binding) {
    this.request = request;
    this.binding = binding;
  }

  /**
   * @param call the state after
   * @param actions in order
   */
  public record Step(SstpCall call, List<SstpAction> actions) {}

  /** What an event makes of a call. */
  public Step step(SstpCall call, SstpEvent event, long now) {
    if (call.state() == State.CLOSED || call.state() == State.LEAVING) {
      return leaving(call, event, now);
    }
    if (call.state() == State.ABORT_SENT || call.state() == State.DISCONNECT_SENT) {
      return ending(call, event, now);
    }
    return switch (event) {
      case SstpEvent.Said(ClientMessage message) -> said(call, message, now);
      case SstpEvent.Malformed bad -> malformed(call, bad, now);
      case SstpEvent.UnexpectedData data ->
          abort(call, Status.UNACCEPTED_FRAME_RECEIVED, 0, now, "data before its time");
      case SstpEvent.Authenticated(var key) ->
          new Step(
              new SstpCall(call.state(), call.deadline(), call.refusals(), call.asked(), key),
              List.of());
      case SstpEvent.HangUp hangUp ->
          new Step(
              call.in(State.DISCONNECT_SENT, now + DISCONNECT_ANSWER),
              List.of(
                  new SstpAction.Send(ServerMessage.disconnect()),
                  new SstpAction.Over("hung up by the gateway")));
      case SstpEvent.Tick tick -> tick(call, tick.heard(), now);
    };
  }

  private Step said(SstpCall call, ClientMessage message, long now) {
    return switch (message) {
      case ClientMessage.ConnectRequest wish when call.state() == State.CONNECT_REQUEST_PENDING ->
          wish.protocol() == ClientMessage.ConnectRequest.PPP
              ? new Step(
                  call.in(State.CONNECTED_PENDING, now + NEGOTIATION),
                  List.of(
                      new SstpAction.Send(ServerMessage.connectAck(request)),
                      new SstpAction.StartPpp()))
              : refuse(call, Status.VALUE_NOT_SUPPORTED, AttributeId.ENCAPSULATED_PROTOCOL, now);
      case ClientMessage.Connected connected when call.state() == State.CONNECTED_PENDING ->
          connected(call, connected, now);
      case ClientMessage.EchoRequest echo when call.state() == State.CONNECTED ->
          new Step(call, List.of(new SstpAction.Send(ServerMessage.echoResponse())));
      case ClientMessage.EchoResponse echo when call.state() == State.CONNECTED ->
          new Step(call, List.of());
      case ClientMessage.Disconnect bye ->
          new Step(
              call.in(State.LEAVING, now + LINGER),
              List.of(
                  new SstpAction.Send(ServerMessage.disconnectAck()),
                  new SstpAction.Over("disconnected")));
      case ClientMessage.Abort abort ->
          new Step(
              call.in(State.LEAVING, now + LINGER),
              List.of(
                  new SstpAction.Send(ServerMessage.abort(Status.NO_ERROR, 0)),
                  new SstpAction.Over("aborted by the client")));
      default ->
          abort(call, Status.UNACCEPTED_FRAME_RECEIVED, 0, now, "a message out of its place");
    };
  }

  private Step connected(SstpCall call, ClientMessage.Connected connected, long now) {
    if (call.key() == null) {
      return abort(
          call, Status.UNACCEPTED_FRAME_RECEIVED, 0, now, "connected without authentication");
    }
    if (!binding.isProved(connected.claim(), call.key())) {
      return abort(
          call,
          Status.VALUE_NOT_SUPPORTED,
          AttributeId.CRYPTO_BINDING,
          now,
          "the crypto binding does not hold: it was made for another connection or key");
    }
    return new Step(call.in(State.CONNECTED, now + HELLO), List.of(new SstpAction.Connected()));
  }

  private static Step malformed(SstpCall call, SstpEvent.Malformed bad, long now) {
    return call.state() == State.CONNECT_REQUEST_PENDING
            && bad.status() != Status.INVALID_FRAME_RECEIVED
        ? refuse(call, bad.status(), bad.attribute(), now)
        : abort(call, bad.status(), bad.attribute(), now, "a malformed message");
  }

  private static Step refuse(SstpCall call, Status status, int attribute, long now) {
    if (call.refusals() + 1 >= REFUSALS) {
      return abort(call, Status.RETRY_COUNT_EXCEEDED, 0, now, "too many wishes refused");
    }
    return new Step(
        new SstpCall(call.state(), call.deadline(), call.refusals() + 1, false, null),
        List.of(new SstpAction.Send(ServerMessage.connectNak(status, attribute))));
  }

  private static Step tick(SstpCall call, long heard, long now) {
    if (call.state() != State.CONNECTED) {
      return now < call.deadline()
          ? new Step(call, List.of())
          : abort(call, Status.NEGOTIATION_TIMEOUT, 0, now, "took too long to connect");
    }
    if (now - heard < HELLO) {
      return new Step(call.in(State.CONNECTED, heard + HELLO), List.of());
    }
    if (now < call.deadline()) {
      return new Step(call, List.of());
    }
    if (call.asked()) {
      return abort(call, Status.NEGOTIATION_TIMEOUT, 0, now, "silent for two minutes");
    }
    return new Step(
        new SstpCall(State.CONNECTED, now + HELLO, call.refusals(), true, call.key()),
        List.of(new SstpAction.Send(ServerMessage.echoRequest())));
  }

  private static Step abort(SstpCall call, Status status, int attribute, long now, String why) {
    return new Step(
        call.in(State.ABORT_SENT, now + ABORT_ANSWER),
        List.of(
            new SstpAction.Send(ServerMessage.abort(status, attribute)), new SstpAction.Over(why)));
  }

  /** The client has been told that the call ends; its answer or time ends it. */
  private static Step ending(SstpCall call, SstpEvent event, long now) {
    return switch (event) {
      case SstpEvent.Said(ClientMessage.Disconnect bye) ->
          new Step(
              call.in(State.LEAVING, now + LINGER),
              List.of(new SstpAction.Send(ServerMessage.disconnectAck())));
      case SstpEvent.Said(ClientMessage.Abort abort) ->
          new Step(call.in(State.LEAVING, now + LINGER), List.of());
      case SstpEvent.Said(ClientMessage.DisconnectAck ack)
          when call.state() == State.DISCONNECT_SENT ->
          new Step(call.in(State.LEAVING, now + LINGER), List.of());
      case SstpEvent.Tick tick when now >= call.deadline() -> close(call);
      default -> new Step(call, List.of());
    };
  }

  private static Step leaving(SstpCall call, SstpEvent event, long now) {
    return event instanceof SstpEvent.Tick
            && call.state() == State.LEAVING
            && now >= call.deadline()
        ? close(call)
        : new Step(call, List.of());
  }

  private static Step close(SstpCall call) {
    return new Step(call.in(State.CLOSED, Long.MAX_VALUE), List.of(new SstpAction.Close()));
  }
}

package dev.p2s.sstp.process;

import dev.p2s.dataplane.kernel.TunnelAddress;
import dev.p2s.dataplane.sstp.EndpointCommand;
import dev.p2s.dataplane.sstp.EndpointEvent;
import dev.p2s.sstp.binding.HigherLayerKey;
import dev.p2s.sstp.ppp.Lease;
import dev.p2s.sstp.ppp.Login;
import dev.p2s.sstp.server.Caller;
import dev.p2s.sstp.server.Gatekeeper;
import java.nio.ByteBuffer;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Asks the agent about every caller and keeps in mind whom it has let in, so that an agent that is
 * started anew can take them up.
 */
final class AgentDesk implements Gatekeeper {

  private static final Verdict NOBODY_THERE =
      new Verdict.Sorry(false, "This gateway cannot let anybody in just now. Try again.");

  private final String endpoint;
  private final Map<Long, Visit> visits = new TreeMap<>();
  private Consumer<EndpointEvent> agent;

  /** Somebody who has arrived, until they leave. */
  private static final class Visit {
    final Caller caller;
    final EndpointEvent.Arrived arrival;
    Consumer<Verdict> answer;
    TunnelAddress address;
    boolean connected;

    Visit(Caller caller, EndpointEvent.Arrived arrival, Consumer<Verdict> answer) {
      this.caller = caller;
      this.arrival = arrival;
      this.answer = answer;
    }
  }

  /**
   * @param endpoint another for each start
   */
  AgentDesk(String endpoint) {
    this.endpoint = endpoint;
  }

  /** An agent listens from now on, in place of an earlier one. */
  synchronized void attach(Consumer<EndpointEvent> listener) {
    agent = listener;
    listener.accept(
        new EndpointEvent.Attached(
            endpoint,
            visits.values().stream()
                .filter(visit -> visit.address != null)
                .map(
                    visit ->
                        new EndpointEvent.Call(visit.caller.id(), visit.address, visit.connected))
                .toList()));
    visits.values().stream()
        .filter(visit -> visit.answer != null)
        .forEach(visit -> listener.accept(visit.arrival));
  }

  /** This agent is gone, unless another has come already. */
  synchronized void detach(Consumer<EndpointEvent> listener) {
    if (agent == listener) {
      agent = null;
    }
  }

  @Override
  public synchronized void ask(Caller caller, Login login, Consumer<Verdict> answer) {
    if (agent == null) {
      answer.accept(NOBODY_THERE);
      return;
    }
    EndpointEvent.Arrived arrival =
        new EndpointEvent.Arrived(caller.id(), caller.address(), shown(login));
    visits.put(caller.id(), new Visit(caller, arrival, answer));
    agent.accept(arrival);
  }

  @Override
  public synchronized void connected(Caller caller) {
    Visit visit = visits.get(caller.id());
    if (visit != null) {
      visit.connected = true;
      tell(new EndpointEvent.Connected(caller.id()));
    }
  }

  @Override
  public synchronized void gone(Caller caller, String why) {
    if (visits.remove(caller.id()) != null) {
      tell(new EndpointEvent.Left(caller.id(), why, caller.in(), caller.out()));
    }
  }

  /** Carries out what the agent says about a caller; too late is harmless. */
  synchronized void obey(EndpointCommand command) {
    switch (command) {
      case EndpointCommand.Welcome welcome -> {
        Visit visit = visits.get(welcome.call());
        if (visit != null && visit.answer != null) {
          visit.address = welcome.client();
          answer(visit, verdict(welcome));
        }
      }
      case EndpointCommand.Ask(long call, byte[] eap) -> {
        Visit visit = visits.get(call);
        if (visit != null && visit.answer != null) {
          answer(visit, new Verdict.More(eap));
        }
      }
      case EndpointCommand.Refuse(long call, boolean lasting, String sentence) -> {
        Visit visit = visits.get(call);
        if (visit != null && visit.answer != null) {
          answer(visit, new Verdict.Sorry(lasting, sentence));
        }
      }
      case EndpointCommand.HangUp(long call) -> {
        Visit visit = visits.get(call);
        if (visit != null) {
          visit.caller.hangUp();
        }
      }
      case EndpointCommand.Serve serve -> throw new IllegalArgumentException("is about no caller");
    }
  }

  /** Tells what the calls have carried so far. */
  synchronized void tellTraffic() {
    for (Visit visit : visits.values()) {
      if (visit.connected) {
        Caller caller = visit.caller;
        tell(new EndpointEvent.Carried(caller.id(), caller.in(), caller.out()));
      }
    }
  }

  private static void answer(Visit visit, Verdict verdict) {
    Consumer<Verdict> answer = visit.answer;
    visit.answer = null;
    answer.accept(verdict);
  }

  private void tell(EndpointEvent event) {
    if (agent != null) {
      agent.accept(event);
    }
  }

  private static Verdict verdict(EndpointCommand.Welcome welcome) {
    HigherLayerKey key =
        welcome.key().length == 0 ? HigherLayerKey.NONE : HigherLayerKey.of(welcome.key());
    return new Verdict.Welcome(
        new Lease(
            bits(welcome.client()),
            bits(welcome.gateway()),
            welcome.dns().stream().map(AgentDesk::bits).toList()),
        welcome.proof(),
        key);
  }

  private static int bits(TunnelAddress address) {
    return ByteBuffer.wrap(address.address().getAddress()).getInt();
  }

  private static EndpointEvent.Shown shown(Login login) {
    return switch (login) {
      case Login.Pap(String user, String password) -> new EndpointEvent.Password(user, password);
      case Login.MsChapV2 chap ->
          new EndpointEvent.MsChapV2(
              chap.user(), chap.challenge(), chap.peerChallenge(), chap.response());
      case Login.Certificate(String user, List<X509Certificate> chain) ->
          new EndpointEvent.Certificate(user, encoded(chain));
      case Login.Eap eap -> new EndpointEvent.Eap(eap.packet());
    };
  }

  private static List<byte[]> encoded(List<X509Certificate> chain) {
    List<byte[]> encoded = new ArrayList<>();
    for (X509Certificate certificate : chain) {
      try {
        encoded.add(certificate.getEncoded());
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException(e);
      }
    }
    return encoded;
  }
}

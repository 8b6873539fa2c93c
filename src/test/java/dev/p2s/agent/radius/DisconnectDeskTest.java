package dev.p2s.agent.radius;

import static dev.p2s.agent.radius.TestDisconnects.request;
import static dev.p2s.agent.radius.TestDisconnects.sign;
import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.session.AccountingTerms;
import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Session;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.RadiusSpec.PasswordProtocol;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import net.jqwik.api.Example;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.aaa4j.radius.core.attribute.Attribute;
import org.aaa4j.radius.core.attribute.IntegerData;
import org.aaa4j.radius.core.attribute.Ipv4AddrData;
import org.aaa4j.radius.core.attribute.StringData;
import org.aaa4j.radius.core.attribute.TextData;
import org.aaa4j.radius.core.attribute.TimeData;
import org.aaa4j.radius.core.attribute.attributes.AcctSessionId;
import org.aaa4j.radius.core.attribute.attributes.Class;
import org.aaa4j.radius.core.attribute.attributes.ErrorCause;
import org.aaa4j.radius.core.attribute.attributes.EventTimestamp;
import org.aaa4j.radius.core.attribute.attributes.FramedIpAddress;
import org.aaa4j.radius.core.attribute.attributes.NasIdentifier;
import org.aaa4j.radius.core.attribute.attributes.NasPort;
import org.aaa4j.radius.core.attribute.attributes.ProxyState;
import org.aaa4j.radius.core.attribute.attributes.SessionTimeout;
import org.aaa4j.radius.core.attribute.attributes.UserName;
import org.aaa4j.radius.core.dictionary.dictionaries.StandardDictionary;
import org.aaa4j.radius.core.packet.Packet;
import org.aaa4j.radius.core.packet.PacketCodec;

/** Which sessions a RADIUS server may end, and what it is told. */
class DisconnectDeskTest {

  private static final Clock CLOCK = Clock.fixed(TestLogins.NOW, ZoneOffset.UTC);
  private static final byte[] OTHER = "other".getBytes(StandardCharsets.UTF_8);
  private static final int MISSING = 402;
  private static final int NO_SESSION = 503;

  private final Session alice = session("00000000000000a1", "alice", "10.8.0.9");
  private final Session aliceToo = session("00000000000000a2", "alice", "10.8.0.10");
  private final Session bob = session("00000000000000b1", "bob", "10.8.0.11");
  private final List<Session> ended = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final PacketCodec codec = new PacketCodec(new StandardDictionary());
  private DisconnectDesk desk;

  @BeforeTry
  void aGatewayWithThreeSessions() throws Exception {
    TestRadiusServer server = new TestRadiusServer(0);
    RadiusServers servers = new RadiusServers(CLOCK, new SecureRandom());
    servers.follow(TestLogins.state(PasswordProtocol.PAP, server));
    desk =
        new DisconnectDesk(
            0,
            servers,
            (judge, then) -> {
              DisconnectRequest.Verdict verdict = judge.apply(List.of(alice, aliceToo, bob));
              if (verdict instanceof DisconnectRequest.Verdict.End(List<Session> sessions)) {
                ended.addAll(sessions);
              }
              then.accept(verdict);
            },
            CLOCK,
            new SecureRandom());
    desk.follow();
    open.addAll(List.of(server, servers, desk));
  }

  @AfterTry
  void theEnd() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
    open.clear();
    ended.clear();
  }

  @Example
  void givenASessionsId_whenAsked_thenItEndsAndNoOther() throws Exception {
    Packet answer = ask(id(alice)).orElseThrow();

    assertThat(answer.getCode()).isEqualTo(DisconnectPackets.DISCONNECT_ACK);
    assertThat(RadiusPackets.isSigned(answer)).isTrue();
    assertThat(ended).containsExactly(alice);
  }

  @Example
  void givenANameAndATime_whenAsked_thenAllSessionsOfThePersonEnd() throws Exception {
    ask(user("Alice"), at(TestLogins.NOW.minusSeconds(299)));

    assertThat(ended).containsExactly(alice, aliceToo);
  }

  @Example
  void givenSeveralThings_whenAsked_thenOnlyWhatMatchesAllOfThemEnds() throws Exception {
    ask(
        user("alice"),
        new FramedIpAddress(
            new Ipv4AddrData((java.net.Inet4Address) InetAddress.ofLiteral("10.8.0.10"))),
        new Class(new StringData("c1".getBytes(StandardCharsets.UTF_8))),
        at(TestLogins.NOW));

    assertThat(ended).containsExactly(aliceToo);
    assertThat(cause(ask(user("bob"), id(alice)))).isEqualTo(NO_SESSION);
  }

  @Example
  void givenNoSuchSession_whenAsked_thenNotFoundIsAnsweredWithTheProxysState() throws Exception {
    ProxyState state = new ProxyState(new StringData(new byte[] {4, 2}));

    Packet answer = ask(user("carol"), at(TestLogins.NOW), state).orElseThrow();

    assertThat(answer.getCode()).isEqualTo(DisconnectPackets.DISCONNECT_NAK);
    assertThat(cause(Optional.of(answer))).isEqualTo(NO_SESSION);
    assertThat(answer.getAttribute(ProxyState.class).orElseThrow().getData().getValue())
        .containsExactly(4, 2);
    assertThat(ended).isEmpty();
  }

  @Example
  void givenATimeOutsideTheWindow_whenAsked_thenNothingIsAnsweredAndNothingEnds() throws Exception {
    assertThat(ask(id(alice), at(TestLogins.NOW.minusSeconds(301)))).isEmpty();
    assertThat(ask(id(alice), at(TestLogins.NOW.plusSeconds(301)))).isEmpty();
    assertThat(ended).isEmpty();
  }

  @Example
  void givenNoTimeAndNoId_whenAsked_thenItCouldBeReplayedAndIsRefused() throws Exception {
    assertThat(cause(ask(user("alice")))).isEqualTo(MISSING);
    assertThat(cause(ask(at(TestLogins.NOW)))).isEqualTo(MISSING);
    assertThat(ended).isEmpty();
  }

  @Example
  void givenAnotherGatewaysName_whenAsked_thenRefused() throws Exception {
    assertThat(cause(ask(id(alice), new NasIdentifier(new TextData("vpn/branch"))))).isEqualTo(403);
    ask(id(alice), new NasIdentifier(new TextData("vpn/office")));
    assertThat(ended).containsExactly(alice);
  }

  @Example
  void givenWhatTheGatewayDoesNotKnow_whenAsked_thenRefusedByName() throws Exception {
    assertThat(cause(ask(id(alice), new NasPort(new IntegerData(7))))).isEqualTo(401);
    assertThat(
            cause(
                ask(
                    DisconnectPackets.COA_REQUEST,
                    TestRadiusServer.SECRET,
                    true,
                    id(alice),
                    new SessionTimeout(new IntegerData(60)))))
        .isEqualTo(406);
    assertThat(ended).isEmpty();
  }

  @Example
  void givenAnotherSecret_whenAsked_thenNothingIsAnsweredAndNothingEnds() throws Exception {
    assertThat(ask(DisconnectPackets.DISCONNECT_REQUEST, OTHER, false, id(alice))).isEmpty();
    assertThat(ended).isEmpty();
  }

  @Example
  void givenNoMessageAuthenticator_whenTheRequestIsSigned_thenItCounts() throws Exception {
    ask(DisconnectPackets.DISCONNECT_REQUEST, TestRadiusServer.SECRET, false, id(alice));

    assertThat(ended).containsExactly(alice);
  }

  @Example
  void givenAMessageAuthenticatorThatDoesNotHold_whenAsked_thenItDoesNotCount() throws Exception {
    byte[] wrong =
        request(DisconnectPackets.DISCONNECT_REQUEST, TestRadiusServer.SECRET, true, id(alice));
    wrong[25] ^= 1;
    sign(wrong, TestRadiusServer.SECRET);

    assertThat(send(wrong)).isEmpty();
    assertThat(ended).isEmpty();
  }

  @Example
  void givenARequestAgain_whenReceived_thenTheSameAnswerAndNothingMoreEnds() throws Exception {
    byte[] bytes =
        request(
            DisconnectPackets.DISCONNECT_REQUEST,
            TestRadiusServer.SECRET,
            true,
            user("alice"),
            at(TestLogins.NOW));

    Optional<byte[]> once = send(bytes);
    Optional<byte[]> again = send(bytes);

    assertThat(again.orElseThrow()).isEqualTo(once.orElseThrow());
    assertThat(ended).containsExactly(alice, aliceToo);
  }

  private Optional<Packet> ask(Attribute<?>... attributes) throws Exception {
    return ask(DisconnectPackets.DISCONNECT_REQUEST, TestRadiusServer.SECRET, true, attributes);
  }

  private Optional<Packet> ask(int code, byte[] secret, boolean twice, Attribute<?>... attributes)
      throws Exception {
    byte[] request = request(code, secret, twice, attributes);
    Optional<byte[]> answer = send(request);
    return answer.isEmpty()
        ? Optional.empty()
        : Optional.of(
            codec.decodeResponse(answer.get(), secret, Arrays.copyOfRange(request, 4, 20)));
  }

  private Optional<byte[]> send(byte[] request) throws Exception {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      socket.setSoTimeout(500);
      socket.send(
          new DatagramPacket(
              request, request.length, InetAddress.getLoopbackAddress(), desk.port()));
      DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
      socket.receive(answer);
      return Optional.of(Arrays.copyOf(answer.getData(), answer.getLength()));
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    }
  }

  private static int cause(Optional<Packet> answer) {
    return answer.orElseThrow().getAttribute(ErrorCause.class).orElseThrow().getData().getValue();
  }

  private static AcctSessionId id(Session session) {
    return new AcctSessionId(new TextData(session.id()));
  }

  private static UserName user(String name) {
    return new UserName(new TextData(name));
  }

  private static EventTimestamp at(Instant when) {
    return new EventTimestamp(new TimeData(when));
  }

  private static Session session(String id, String user, String address) {
    String told = Base64.getEncoder().encodeToString("c1".getBytes(StandardCharsets.UTF_8));
    return new Session(
        id,
        new Person(
            AuthenticationType.RADIUS,
            user,
            List.of(),
            null,
            null,
            null,
            new AccountingTerms(List.of(told), null)),
        "192.0.2.7:4711",
        TunnelAddress.parse(address),
        0,
        new Session.Seat(TunnelType.OpenVPN, new ProcessSlot(0), "12@1000", 3),
        null);
  }
}

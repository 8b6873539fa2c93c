package dev.p2s.agent.radius;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Refusal;
import dev.p2s.api.v1alpha1.RadiusSpec.PasswordProtocol;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.aaa4j.radius.core.attribute.IntegerData;
import org.aaa4j.radius.core.attribute.StringData;
import org.aaa4j.radius.core.attribute.TextData;
import org.aaa4j.radius.core.attribute.VsaData;
import org.aaa4j.radius.core.attribute.attributes.CallingStationId;
import org.aaa4j.radius.core.attribute.attributes.FilterId;
import org.aaa4j.radius.core.attribute.attributes.FramedIpAddress;
import org.aaa4j.radius.core.attribute.attributes.NasIdentifier;
import org.aaa4j.radius.core.attribute.attributes.SessionTimeout;
import org.aaa4j.radius.core.attribute.attributes.State;
import org.aaa4j.radius.core.attribute.attributes.UserName;
import org.aaa4j.radius.core.attribute.attributes.VendorSpecific;
import org.aaa4j.radius.core.packet.Packet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** EAP between charon and RADIUS servers, with the agent between. */
class RadiusDeskTest {

  private static final byte[] IDENTITY = {2, 7, 0, 10, 1, 'a', 'l', 'i', 'c', 'e'};
  private static final byte[] SUCCESS = {3, 7, 0, 4};
  private static final byte[] FAILURE = {4, 7, 0, 4};
  private static final TunnelAddress ADDRESS = TunnelAddress.parse("10.8.0.9");

  private final SecureRandom random = new SecureRandom();
  private final Policy policy = new Policy();
  private final RadiusServers servers = new RadiusServers(Clock.systemUTC(), random);
  private TestRadiusServer server;
  private RadiusDesk desk;
  private TestCharon charon;

  @BeforeEach
  void aDeskWithOneServer() throws Exception {
    server = new TestRadiusServer();
    desk =
        new RadiusDesk(
            0,
            new EapRelay(servers, policy, Clock.systemUTC(), random),
            () -> Optional.of(TestCharon.SECRET),
            random);
    desk.start();
    charon = new TestCharon(desk.port());
    follow(server);
  }

  @AfterEach
  void close() {
    charon.close();
    desk.close();
    servers.close();
    server.close();
  }

  @Test
  void givenAConversation_whenTheServerAccepts_thenCharonHasItsKeysAndTheAgentsAddress()
      throws Exception {
    byte[] question = bytes(900, 'q');
    byte[] reply = bytes(700, 'r');
    server.answering(
        request ->
            List.of(
                request.getAttribute(State.class).isEmpty()
                    ? TestRadiusServer.packet(
                        RadiusPackets.ACCESS_CHALLENGE,
                        EapPackets.attribute(question),
                        new State(new StringData("theirs".getBytes(StandardCharsets.US_ASCII))))
                    : accept(request)));

    Packet challenge = charon.ask(charon.request(5, "alice", IDENTITY, Optional.empty()));

    assertThat(challenge.getCode()).isEqualTo(RadiusPackets.ACCESS_CHALLENGE);
    assertThat(EapPackets.of(challenge)).contains(question);
    RadiusPackets.Sent second =
        charon.request(5, "alice", reply, challenge.getAttribute(State.class));
    Packet accepted = charon.ask(second);
    assertThat(accepted.getCode()).isEqualTo(RadiusPackets.ACCESS_ACCEPT);
    assertThat(EapPackets.of(accepted)).contains(SUCCESS);
    assertThat(key(accepted, MppeKeys.SEND, second)).contains(bytes(32, 's'));
    assertThat(key(accepted, MppeKeys.RECEIVE, second)).contains(bytes(32, 'v'));
    assertThat(accepted.getAttribute(FramedIpAddress.class))
        .map(framed -> framed.getData().getValue().getHostAddress())
        .contains("10.8.0.9");
    assertThat(accepted.getAttribute(SessionTimeout.class)).as("the agent sees to it").isEmpty();

    Packet last = server.logins.getLast();
    assertThat(EapPackets.of(last)).contains(reply);
    assertThat(last.getAttribute(State.class).orElseThrow().getData().getValue())
        .asString(StandardCharsets.US_ASCII)
        .isEqualTo("theirs");
    assertThat(last.getAttribute(CallingStationId.class).orElseThrow().getData().getValue())
        .isEqualTo("192.0.2.7");
    assertThat(last.getAttribute(NasIdentifier.class).orElseThrow().getData().getValue())
        .isEqualTo("vpn/office");
    Person person = policy.decided.getFirst();
    assertThat(person.user()).isEqualTo("alice");
    assertThat(person.groups()).containsExactly("staff");
    assertThat(person.untilMillis()).isNotNull();
    assertThat(policy.clients).containsExactly(new EapClient(5, "192.0.2.7:4500"));
  }

  @Test
  void givenPolicyIsAgainstIt_whenTheServerAccepts_thenCharonIsToldNo() throws Exception {
    server.answering(request -> List.of(accept(request)));
    policy.verdict = Optional.empty();

    Packet answer = charon.ask(charon.request(5, "alice", IDENTITY, Optional.empty()));

    assertThat(answer.getCode()).isEqualTo(RadiusPackets.ACCESS_REJECT);
    assertThat(EapPackets.of(answer)).contains(FAILURE);
    assertThat(answer.getAttributes(VendorSpecific.class)).isEmpty();
  }

  @Test
  void givenTheServerRejects_whenAnswered_thenItsPacketIsPassedOnAndTheRefusalToldOnce()
      throws Exception {
    server.answering(
        request ->
            List.of(
                TestRadiusServer.packet(
                    RadiusPackets.ACCESS_REJECT, EapPackets.attribute(FAILURE))));

    Packet answer = charon.ask(charon.request(5, "alice", IDENTITY, Optional.empty()));

    assertThat(answer.getCode()).isEqualTo(RadiusPackets.ACCESS_REJECT);
    assertThat(policy.refused)
        .extracting(Refusal::reason)
        .containsExactly(Refusal.Reason.WRONG_CREDENTIAL);
    assertThat(policy.claims).containsExactly("alice");
    assertThat(policy.decided).isEmpty();
  }

  @Test
  void givenTheServerNamesSomebodyElse_whenItAccepts_thenThatIsWhoComes() throws Exception {
    server.answering(
        request ->
            List.of(
                TestRadiusServer.packet(
                    RadiusPackets.ACCESS_ACCEPT,
                    EapPackets.attribute(SUCCESS),
                    new UserName(new TextData("alice@corp.example")))));

    charon.ask(charon.request(5, "anonymous", IDENTITY, Optional.empty()));

    assertThat(policy.decided).extracting(Person::user).containsExactly("alice@corp.example");
  }

  @Test
  void givenCharonSendsARequestAgain_whenAnswered_thenTheServerWasAskedOnceAndTheAnswerIsTheSame()
      throws Exception {
    server.answering(request -> List.of(accept(request)));
    RadiusPackets.Sent request = charon.request(5, "alice", IDENTITY, Optional.empty());

    Packet first = charon.ask(request);
    Packet again = charon.ask(request);

    assertThat(server.logins).hasSize(1);
    assertThat(policy.decided).hasSize(1);
    assertThat(EapPackets.of(again)).contains(EapPackets.of(first).orElseThrow());
  }

  @Test
  void givenTheFirstServerIsSilent_whenAConversationBegins_thenTheSecondIsAskedAtOnce()
      throws Exception {
    try (TestRadiusServer second = new TestRadiusServer()) {
      second.answering(request -> List.of(accept(request)));
      follow(server, second);

      Packet answer = charon.ask(charon.request(5, "alice", IDENTITY, Optional.empty()));

      assertThat(answer.getCode()).isEqualTo(RadiusPackets.ACCESS_ACCEPT);
      assertThat(server.logins).hasSize(1);
    }
  }

  @Test
  void givenNobodyAnswers_whenAConversationBegins_thenItIsRefusedAsAway() throws Exception {
    Packet answer = charon.ask(charon.request(5, "alice", IDENTITY, Optional.empty()));

    assertThat(answer.getCode()).isEqualTo(RadiusPackets.ACCESS_REJECT);
    assertThat(EapPackets.of(answer)).contains(FAILURE);
    assertThat(policy.refused)
        .extracting(Refusal::reason)
        .containsExactly(Refusal.Reason.AUTHENTICATION_AWAY);
  }

  @Test
  void givenAConversationOfSomebodyElse_whenGoneOnWith_thenItIsRefused() throws Exception {
    server.answering(
        request ->
            List.of(
                TestRadiusServer.packet(
                    RadiusPackets.ACCESS_CHALLENGE,
                    EapPackets.attribute(bytes(20, 'q')),
                    new State(new StringData(new byte[] {1, 2, 3})))));
    Packet challenge = charon.ask(charon.request(5, "alice", IDENTITY, Optional.empty()));

    Packet answer =
        charon.ask(charon.request(6, "mallory", IDENTITY, challenge.getAttribute(State.class)));

    assertThat(answer.getCode()).isEqualTo(RadiusPackets.ACCESS_REJECT);
    assertThat(server.logins).hasSize(1);
  }

  @Test
  void givenAnythingThatCharonHasNotSigned_whenSent_thenNothingIsSaidAndNobodyAsked()
      throws Exception {
    RadiusPackets.Sent request = charon.request(5, "alice", IDENTITY, Optional.empty());
    byte[] changed = request.bytes().clone();
    changed[changed.length - 1] ^= 1;

    charon.send(changed);
    charon.send(new byte[] {1, 2, 3});
    charon.send(unsigned());

    assertThat(charon.hearsNothing()).isTrue();
    assertThat(server.logins).isEmpty();
  }

  private static byte[] unsigned() throws Exception {
    return new org.aaa4j.radius.core.packet.PacketCodec(
            new org.aaa4j.radius.core.dictionary.dictionaries.StandardDictionary())
        .encodeRequest(
            TestRadiusServer.packet(
                RadiusPackets.ACCESS_REQUEST,
                new UserName(new TextData("alice")),
                new org.aaa4j.radius.core.attribute.attributes.NasPort(new IntegerData(5)),
                EapPackets.attribute(IDENTITY)),
            TestCharon.SECRET,
            new byte[16]);
  }

  private static Packet accept(Packet request) {
    byte[] authenticator = request.getReceivedFields().getAuthenticator();
    return TestRadiusServer.packet(
        RadiusPackets.ACCESS_ACCEPT,
        EapPackets.attribute(SUCCESS),
        new FilterId(new TextData("staff")),
        new SessionTimeout(new IntegerData(3600)),
        hidden(MppeKeys.SEND, bytes(32, 's'), authenticator, 1),
        hidden(MppeKeys.RECEIVE, bytes(32, 'v'), authenticator, 2));
  }

  private static VendorSpecific hidden(int type, byte[] key, byte[] authenticator, int salt) {
    return new VendorSpecific(
        new VsaData(
            LoginRequests.MICROSOFT,
            type,
            MppeKeys.hide(key, TestRadiusServer.SECRET, authenticator, salt)));
  }

  private static Optional<byte[]> key(Packet answer, int type, RadiusPackets.Sent request) {
    return answer.getAttributes(VendorSpecific.class).stream()
        .map(VendorSpecific::getData)
        .filter(data -> data.getVendorType() == type)
        .findFirst()
        .flatMap(
            data -> MppeKeys.reveal(data.getVsaData(), TestCharon.SECRET, request.authenticator()));
  }

  private static byte[] bytes(int length, char filling) {
    byte[] bytes = new byte[length];
    java.util.Arrays.fill(bytes, (byte) filling);
    return bytes;
  }

  private void follow(TestRadiusServer... asked) {
    servers.follow(TestLogins.state(PasswordProtocol.MSCHAPv2, asked));
  }

  /** Says what a test has it say. */
  private static final class Policy implements EapAdmission {
    final List<Person> decided = new CopyOnWriteArrayList<>();
    final List<EapClient> clients = new CopyOnWriteArrayList<>();
    final List<String> claims = new CopyOnWriteArrayList<>();
    final List<Refusal> refused = new CopyOnWriteArrayList<>();
    volatile Optional<TunnelAddress> verdict = Optional.of(ADDRESS);

    @Override
    public void decide(EapClient client, Person person, Consumer<Optional<TunnelAddress>> then) {
      decided.add(person);
      clients.add(client);
      then.accept(verdict);
    }

    @Override
    public void refused(EapClient client, String claimed, Refusal why) {
      claims.add(claimed);
      refused.add(why);
    }
  }
}

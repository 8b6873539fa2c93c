package dev.p2s.agent.radius;

import static dev.p2s.agent.radius.TestLogins.NOW;
import static dev.p2s.agent.radius.TestLogins.known;
import static dev.p2s.agent.radius.TestLogins.refused;
import static dev.p2s.agent.radius.TestRadiusServer.packet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.session.Authentication;
import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Refusal;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.RadiusSpec.PasswordProtocol;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.aaa4j.radius.core.attribute.EnumData;
import org.aaa4j.radius.core.attribute.IntegerData;
import org.aaa4j.radius.core.attribute.Ipv4AddrData;
import org.aaa4j.radius.core.attribute.StringData;
import org.aaa4j.radius.core.attribute.TextData;
import org.aaa4j.radius.core.attribute.VsaData;
import org.aaa4j.radius.core.attribute.attributes.FilterId;
import org.aaa4j.radius.core.attribute.attributes.FramedIpAddress;
import org.aaa4j.radius.core.attribute.attributes.MessageAuthenticator;
import org.aaa4j.radius.core.attribute.attributes.Prompt;
import org.aaa4j.radius.core.attribute.attributes.ReplyMessage;
import org.aaa4j.radius.core.attribute.attributes.SessionTimeout;
import org.aaa4j.radius.core.attribute.attributes.State;
import org.aaa4j.radius.core.attribute.attributes.UserName;
import org.aaa4j.radius.core.attribute.attributes.UserPassword;
import org.aaa4j.radius.core.attribute.attributes.VendorSpecific;
import org.aaa4j.radius.core.packet.Packet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Logins at servers that speak RADIUS over UDP, honest ones and others. */
class RadiusAuthenticatorTest {

  private static final Packet ACCEPT = packet(RadiusPackets.ACCESS_ACCEPT);

  private final TestLogins logins = new TestLogins();
  private TestRadiusServer server;

  @BeforeEach
  void aServer() throws Exception {
    server = logins.server();
  }

  @AfterEach
  void theEnd() {
    logins.close();
  }

  @Test
  void givenARightPassword_whenAccepted_thenThePersonIsAsTheServerSays() throws Exception {
    server.answering(
        request ->
            List.of(
                packet(
                    RadiusPackets.ACCESS_ACCEPT,
                    new SessionTimeout(new IntegerData(600)),
                    new FramedIpAddress(new Ipv4AddrData((Inet4Address) address("10.8.0.77"))),
                    new FilterId(new TextData("staff")),
                    new VendorSpecific(
                        new VsaData(311, 65, new byte[] {0x6a, (byte) 0xd1, (byte) 0xbd, 1})))));
    logins.follow(PasswordProtocol.PAP, server);

    Person person = known(logins.logIn("alice", "right"));

    assertThat(person.method()).isEqualTo(AuthenticationType.RADIUS);
    assertThat(person.user()).isEqualTo("alice");
    assertThat(person.until()).contains(NOW.plusSeconds(600));
    assertThat(person.address()).hasToString("10.8.0.77");
    assertThat(person.groups()).containsExactly("6ad1bd01", "staff");
    Packet request = server.logins.getFirst();
    assertThat(request.getAttributes().getFirst()).isInstanceOf(MessageAuthenticator.class);
    assertThat(request.getAttribute(UserName.class).orElseThrow().getData().getValue())
        .isEqualTo("alice");
    assertThat(password(request)).isEqualTo("right");
  }

  @Test
  void givenAWrongPassword_whenRejected_thenThePersonIsToldWhatTheServerSays() throws Exception {
    server.answering(
        request ->
            List.of(
                packet(
                    RadiusPackets.ACCESS_REJECT,
                    new ReplyMessage(new TextData("Ask the help desk.")))));
    logins.follow(PasswordProtocol.PAP, server);

    Refusal why = refused(logins.logIn("alice", "wrong"));

    assertThat(why.reason()).isEqualTo(Refusal.Reason.WRONG_CREDENTIAL);
    assertThat(why.sentence()).contains("refuses").contains("Ask the help desk.");
  }

  @Test
  void givenAForgedAccept_whenItHasNoMessageAuthenticator_thenNobodyIsLetIn() throws Exception {
    server.unsigned().answering(request -> List.of(ACCEPT));
    logins.follow(PasswordProtocol.PAP, server);

    assertThat(refused(logins.logIn("mallory", "guessed")).reason())
        .isEqualTo(Refusal.Reason.LOGIN_EXPIRED);
    assertThat(server.logins).hasSize(1);
  }

  @Test
  void givenAChallenge_whenAnswered_thenTheSameServerGetsItsStateAndTheAnswerIsGoodOnce()
      throws Exception {
    server.answering(
        request ->
            request.getAttribute(State.class).isEmpty()
                ? List.of(
                    packet(
                        RadiusPackets.ACCESS_CHALLENGE,
                        new ReplyMessage(new TextData("Your code?")),
                        new Prompt(new EnumData(1)),
                        new State(new StringData(new byte[] {1, 2, 3}))))
                : List.of(
                    password(request).equals("123456")
                        ? ACCEPT
                        : packet(RadiusPackets.ACCESS_REJECT)));
    TestRadiusServer better = logins.server().answering(request -> List.of(ACCEPT));
    logins.follow(PasswordProtocol.PAP, server);

    Authentication asked = logins.logIn("alice", "right");

    assertThat(asked).isInstanceOf(Authentication.Challenged.class);
    Authentication.Challenged challenge = (Authentication.Challenged) asked;
    assertThat(challenge.question()).isEqualTo("Your code?");
    assertThat(challenge.echo()).isTrue();
    assertThat(challenge.id()).matches("[A-Za-z0-9_-]{1,64}");

    logins.follow(PasswordProtocol.PAP, better, server);
    known(logins.answer("alice", "123456", challenge.id()));
    assertThat(better.logins).isEmpty();
    assertThat(server.logins.getLast().getAttribute(State.class).orElseThrow().getData().getValue())
        .containsExactly(1, 2, 3);
    assertThat(refused(logins.answer("alice", "123456", challenge.id())).sentence())
        .contains("too late or twice");
  }

  @Test
  void givenMsChapV2_whenTheServerProvesNothing_thenItsAcceptIsNotBelieved() throws Exception {
    server.answering(request -> List.of(ACCEPT));
    logins.follow(PasswordProtocol.MSCHAPv2, server);

    assertThat(refused(logins.logIn("alice", "right")).sentence()).contains("could not prove");
  }

  @Test
  void givenMsChapV2_whenTheServerKnowsThePassword_thenAcceptedAndThePasswordWasNotSent()
      throws Exception {
    server.answering(
        request -> {
          byte[] challenge = microsoft(request, 11);
          byte[] response = microsoft(request, 25);
          byte[] peer = java.util.Arrays.copyOfRange(response, 2, 18);
          MsChapV2 here = MsChapV2.of("alice", "right", challenge, peer);
          if (!java.util.Arrays.equals(
              here.response(), java.util.Arrays.copyOfRange(response, 26, 50))) {
            return List.of(
                packet(
                    RadiusPackets.ACCESS_REJECT,
                    microsoftText(2, "\0E=648 R=0 C=00 V=3 M=Expired")));
          }
          return List.of(
              packet(RadiusPackets.ACCESS_ACCEPT, microsoftText(26, "\0" + here.expected())));
        });
    logins.follow(PasswordProtocol.MSCHAPv2, server);

    assertThat(known(logins.logIn("alice", "right")).user()).isEqualTo("alice");
    assertThat(server.logins.getFirst().getAttribute(UserPassword.class)).isEmpty();
    assertThat(refused(logins.logIn("alice", "wrong")).sentence()).contains("has expired");
  }

  @Test
  void givenAPasswordLongerThanRadiusKnows_whenLoggingIn_thenNobodyIsAsked() throws Exception {
    logins.follow(PasswordProtocol.PAP, server);

    assertThat(refused(logins.logIn("alice", "x".repeat(129))).sentence()).contains("longer than");
    assertThat(server.logins).isEmpty();
  }

  private static String password(Packet request) {
    return new String(
        request.getAttribute(UserPassword.class).orElseThrow().getData().getValue(),
        StandardCharsets.UTF_8);
  }

  private static byte[] microsoft(Packet packet, int type) {
    return packet.getAttributes(VendorSpecific.class).stream()
        .map(VendorSpecific::getData)
        .filter(data -> data.getVendorId() == 311 && data.getVendorType() == type)
        .findFirst()
        .orElseThrow()
        .getVsaData();
  }

  private static VendorSpecific microsoftText(int type, String text) {
    return new VendorSpecific(new VsaData(311, type, text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}

package dev.p2s.agent.radius;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.session.Refusal;
import dev.p2s.api.v1alpha1.RadiusSpec.PasswordProtocol;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.aaa4j.radius.core.attribute.Attribute;
import org.aaa4j.radius.core.attribute.TextData;
import org.aaa4j.radius.core.attribute.VsaData;
import org.aaa4j.radius.core.attribute.attributes.FilterId;
import org.aaa4j.radius.core.attribute.attributes.UserName;
import org.aaa4j.radius.core.attribute.attributes.VendorSpecific;
import org.aaa4j.radius.core.packet.Packet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** MSCHAPv2 that a client has answered, on its way to a RADIUS server and back. */
class ChapRelayTest {

  private static final int MS_CHAP_CHALLENGE = 11;
  private static final int MS_CHAP2_RESPONSE = 25;
  private static final String PROOF = "S=407A5589115FD0D6209F510FE9C04566932CDA56";
  private static final ChapLogin LOGIN =
      new ChapLogin(
          "CORP\\alice", bytes(16, 'c'), bytes(16, 'p'), bytes(24, 'r'), "192.0.2.7:4711");

  private final SecureRandom random = new SecureRandom();
  private final RadiusServers servers = new RadiusServers(Clock.systemUTC(), random);
  private final ChapRelay relay = new ChapRelay(servers, Clock.systemUTC());
  private TestRadiusServer server;

  @BeforeEach
  void aServer() throws Exception {
    server = new TestRadiusServer();
    servers.follow(TestLogins.state(PasswordProtocol.MSCHAPv2, server));
  }

  @AfterEach
  void close() {
    relay.close();
    servers.close();
    server.close();
  }

  @Test
  void givenAnAnswer_whenTheServerAccepts_thenItsProofAndItsKeysComeBack() throws Exception {
    server.answering(request -> List.of(accept(request, true, true)));

    ChapOutcome.Known known = (ChapOutcome.Known) ask();

    assertThat(known.person().user()).isEqualTo("CORP\\alice");
    assertThat(known.person().groups()).containsExactly("staff");
    assertThat(known.proof()).isEqualTo(PROOF);
    assertThat(known.receiveKey()).isEqualTo(bytes(16, 'v'));
    assertThat(known.sendKey()).isEqualTo(bytes(16, 's'));
    Packet asked = server.logins.getFirst();
    assertThat(asked.getAttribute(UserName.class).orElseThrow().getData().getValue())
        .isEqualTo("CORP\\alice");
    assertThat(microsoft(asked, MS_CHAP_CHALLENGE)).isEqualTo(bytes(16, 'c'));
    byte[] response = microsoft(asked, MS_CHAP2_RESPONSE);
    assertThat(Arrays.copyOfRange(response, 2, 18)).isEqualTo(bytes(16, 'p'));
    assertThat(Arrays.copyOfRange(response, 26, 50)).isEqualTo(bytes(24, 'r'));
  }

  @Test
  void givenAServerWithoutProofOrKeys_whenItAccepts_thenNobodyIsLetInAndItIsSaidWhy()
      throws Exception {
    server.answering(request -> List.of(accept(request, false, true)));
    assertThat(refusal().sentence()).contains("MS-CHAP2-Success");

    server.answering(request -> List.of(accept(request, true, false)));
    assertThat(refusal().sentence()).contains("MS-MPPE-Send-Key");
  }

  @Test
  void givenARejection_whenAnswered_thenTheServersReasonIsPassedOn() throws Exception {
    server.answering(
        request ->
            List.of(
                TestRadiusServer.packet(
                    RadiusPackets.ACCESS_REJECT,
                    new VendorSpecific(
                        new VsaData(
                            LoginRequests.MICROSOFT,
                            LoginAnswer.MS_CHAP_ERROR,
                            "\0E=648 R=0".getBytes(StandardCharsets.US_ASCII))))));

    assertThat(refusal().reason()).isEqualTo(Refusal.Reason.WRONG_CREDENTIAL);
    assertThat(refusal().sentence()).contains("Your password has expired");
  }

  @Test
  void givenASilentServer_whenAsked_thenItIsNoWrongPassword() throws Exception {
    assertThat(refusal().reason())
        .isIn(Refusal.Reason.AUTHENTICATION_AWAY, Refusal.Reason.LOGIN_EXPIRED);
  }

  private Refusal refusal() throws Exception {
    return ((ChapOutcome.Refused) ask()).refusal();
  }

  private ChapOutcome ask() throws Exception {
    CompletableFuture<ChapOutcome> outcome = new CompletableFuture<>();
    relay.ask(LOGIN, outcome::complete);
    return outcome.get(20, TimeUnit.SECONDS);
  }

  private static Packet accept(Packet request, boolean proof, boolean keys) {
    byte[] authenticator = request.getReceivedFields().getAuthenticator();
    List<Attribute<?>> attributes = new ArrayList<>(List.of(new FilterId(new TextData("staff"))));
    if (proof) {
      attributes.add(
          new VendorSpecific(
              new VsaData(
                  LoginRequests.MICROSOFT,
                  LoginAnswer.MS_CHAP2_SUCCESS,
                  ("\0" + PROOF).getBytes(StandardCharsets.US_ASCII))));
    }
    if (keys) {
      attributes.add(hidden(MppeKeys.SEND, bytes(16, 's'), authenticator, 1));
      attributes.add(hidden(MppeKeys.RECEIVE, bytes(16, 'v'), authenticator, 2));
    }
    return TestRadiusServer.packet(
        RadiusPackets.ACCESS_ACCEPT, attributes.toArray(Attribute<?>[]::new));
  }

  private static VendorSpecific hidden(int type, byte[] key, byte[] authenticator, int salt) {
    return new VendorSpecific(
        new VsaData(
            LoginRequests.MICROSOFT,
            type,
            MppeKeys.hide(key, TestRadiusServer.SECRET, authenticator, salt)));
  }

  private static byte[] microsoft(Packet packet, int type) {
    return LoginAnswer.microsoft(packet, type).findFirst().orElseThrow();
  }

  private static byte[] bytes(int length, char filling) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) filling);
    return bytes;
  }
}

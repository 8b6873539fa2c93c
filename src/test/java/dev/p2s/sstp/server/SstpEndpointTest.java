package dev.p2s.sstp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.p2s.sstp.client.SstpTestClient;
import dev.p2s.sstp.client.SstpTestClient.Binding;
import dev.p2s.sstp.client.TestPpp;
import dev.p2s.sstp.ppp.AuthenticationProtocol;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The endpoint over loopback with a client that shares no code with it. */
class SstpEndpointTest {

  private static final int VALUE_NOT_SUPPORTED = 4;
  private static final int UNACCEPTED_FRAME = 5;
  private static final int INVALID_FRAME = 7;
  private static final int CALL_CONNECT_ACK = 2;
  private static final int CALL_CONNECT_NAK = 3;

  private LoopbackEndpoint loopback;
  private SstpEndpoint endpoint;
  private KnownPeople people;

  @BeforeEach
  void start() throws Exception {
    loopback = new LoopbackEndpoint();
    endpoint = loopback.endpoint;
    people = loopback.people;
  }

  @AfterEach
  void stop() {
    endpoint.close();
  }

  @Test
  void givenTheRightPassword_whenAClientCallsByMsChapV2_thenItsPacketsPassBothWays()
      throws Exception {
    try (SstpTestClient client = caller()) {
      assertThat(client.login("alice", "wonderland", false)).isEmpty();
      client.bind(Binding.RIGHT);
      TestPpp.Addresses addresses = client.addresses();
      assertThat(addresses)
          .isEqualTo(
              new TestPpp.Addresses(
                  KnownPeople.FIRST_CLIENT, KnownPeople.GATEWAY, KnownPeople.DNS, 0));
      awaitConnected(1);

      byte[] ping = ping(addresses.client(), 0x08080808, 1000);
      client.packet(ping);

      assertThat(client.nextPacket()).isEqualTo(EchoingDevice.answer(ping));
      Caller caller = people.connected.values().iterator().next();
      assertThat(caller.in()).isEqualTo(ping.length);
      assertThat(caller.out()).isEqualTo(ping.length);
    }
    await().until(() -> people.connected.isEmpty());
  }

  @Test
  void givenPapAndSha1AndTls12_whenAClientCalls_thenItIsConnected() throws Exception {
    try (SstpTestClient client = new SstpTestClient(endpoint.address(), "TLSv1.2")) {
      assertThat(client.tls()).startsWith("TLSv1.2");
      client.post();
      assertThat(client.request(1)).isEqualTo(CALL_CONNECT_ACK);
      assertThat(client.hashes()).isEqualTo(3);
      assertThat(client.login("bob", "b", true)).isEmpty();
      client.addresses();
      client.bind(new Binding(false, null, null, null));
      awaitConnected(1);
    }
  }

  @Test
  void givenAWrongPassword_whenAClientCalls_thenItIsToldAndTheCallEnds() throws Exception {
    try (SstpTestClient client = caller()) {
      assertThat(client.login("alice", "wrong", false))
          .startsWith("E=691 R=0 C=")
          .endsWith("V=3 M=Wrong name or password.");
    }
    try (SstpTestClient client = caller()) {
      assertThat(client.login("mallory", "wrong", true)).isEqualTo("Wrong name or password.");
    }
    assertThat(people.connected).isEmpty();
  }

  @Test
  void givenAnotherKey_whenAClientBinds_thenTheCallIsAborted() throws Exception {
    refusesBinding(new Binding(true, null, null, new byte[32]));
  }

  @Test
  void givenAnotherNonce_whenAClientBinds_thenTheCallIsAborted() throws Exception {
    refusesBinding(new Binding(true, new byte[32], null, null));
  }

  @Test
  void givenTheCertificateOfAManInTheMiddle_whenAClientBinds_thenTheCallIsAborted()
      throws Exception {
    refusesBinding(
        new Binding(true, null, loopback.identity().chain().getFirst().getEncoded(), null));
    refusesBinding(
        new Binding(false, null, loopback.identity().chain().getFirst().getEncoded(), null));
  }

  @Test
  void givenNoLogin_whenAClientBinds_thenTheCallIsAborted() throws Exception {
    try (SstpTestClient client = caller()) {
      client.bind(Binding.RIGHT);
      assertThat(client.abortStatus()).isEqualTo(UNACCEPTED_FRAME);
    }
  }

  @Test
  void givenNoBinding_whenAClientSendsPackets_thenNonePasses() throws Exception {
    try (SstpTestClient client = caller()) {
      client.login("alice", "wonderland", false);
      TestPpp.Addresses addresses = client.addresses();
      client.packet(ping(addresses.client(), 0x08080808, 64));
      client.within(500);
      assertThatThrownBy(client::nextPacket).hasMessageContaining("timed out");
      assertThat(people.connected).isEmpty();
    }
  }

  @Test
  void givenACall_whenItSendsFromAnothersAddress_thenNothingPasses() throws Exception {
    try (SstpTestClient client = caller()) {
      TestPpp.Addresses addresses = connect(client);
      client.packet(ping(addresses.client() + 1, 0x08080808, 64));
      byte[] own = ping(addresses.client(), 0x08080808, 65);
      client.packet(own);
      assertThat(client.nextPacket()).isEqualTo(EchoingDevice.answer(own));
    }
  }

  @Test
  void givenACall_whenTheGatewayHangsUp_thenTheClientIsToldInOrder() throws Exception {
    try (SstpTestClient client = caller()) {
      connect(client);
      people.connected.values().iterator().next().hangUp();
      byte[] frame = client.nextFrame();
      assertThat(frame).startsWith(0xC0, 0x21, 5);
      client.frame(new byte[] {(byte) 0xFF, 3, (byte) 0xC0, 0x21, 6, frame[3], 0, 4});
      assertThat(client.nextControl()[1]).isEqualTo((byte) 6);
      client.control(7, new byte[0], 0);
      assertThat(client.isClosed()).isTrue();
    }
    await().until(() -> people.gone.equals(List.of("hung up")));
  }

  @Test
  void givenACall_whenTheClientDisconnectsOrEchoes_thenItIsAnswered() throws Exception {
    try (SstpTestClient client = caller()) {
      connect(client);
      client.control(8, new byte[0], 0);
      assertThat(client.nextControl()[1]).isEqualTo((byte) 9);
      client.control(6, new byte[0], 0);
      assertThat(client.nextControl()[1]).isEqualTo((byte) 7);
      assertThat(client.isClosed()).isTrue();
    }
    await().until(() -> people.gone.equals(List.of("disconnected")));
  }

  @Test
  void givenWishesForAnotherProtocol_whenTheyAreMany_thenTheCallIsAborted() throws Exception {
    try (SstpTestClient client = new SstpTestClient(endpoint.address())) {
      client.post();
      assertThat(client.request(7)).isEqualTo(CALL_CONNECT_NAK);
      assertThat(client.request(7)).isEqualTo(CALL_CONNECT_NAK);
      client.control(1, new byte[] {0, 1, 0, 6, 0, 7}, 1);
      assertThat(client.abortStatus()).isEqualTo(6);
    }
  }

  @Test
  void givenAnotherVersionOfSstp_whenItIsSpoken_thenTheCallIsAborted() throws Exception {
    try (SstpTestClient client = new SstpTestClient(endpoint.address())) {
      client.post();
      client.raw(new byte[] {0x20, 1, 0, 14, 0, 1, 0, 1, 0, 1, 0, 6, 0, 1});
      assertThat(client.abortStatus()).isEqualTo(INVALID_FRAME);
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void givenAnotherRequest_whenItComesOverHttp_thenItIsNotFound() throws Exception {
    try (SstpTestClient client = new SstpTestClient(endpoint.address())) {
      client.raw("GET / HTTP/1.1\r\nHost: gw\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(client.head()).isEqualTo("HTTP/1.1 404 Not Found");
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void givenAHeadWithoutEnd_whenItIsTooLong_thenTheConnectionIsClosed() throws Exception {
    try (SstpTestClient client = new SstpTestClient(endpoint.address())) {
      client.raw("x".repeat(5000).getBytes(StandardCharsets.US_ASCII));
      assertThat(client.head()).startsWith("HTTP/1.1 431");
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void givenMessagesBeforeTheAnswer_whenTheyArePipelined_thenTheConnectionIsClosed()
      throws Exception {
    try (SstpTestClient client = new SstpTestClient(endpoint.address())) {
      client.raw(
          ("SSTP_DUPLEX_POST /sra_{BA195980-CD49-458b-9E23-C84EE0ADCD75}/ HTTP/1.1\r\n"
                  + "Content-Length: 18446744073709551615\r\n\r\nmore")
              .getBytes(StandardCharsets.US_ASCII));
      assertThat(client.head()).startsWith("HTTP/1.1 400");
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void givenAClientWithoutTls_whenItSpeaks_thenTheConnectionIsClosed() throws Exception {
    try (Socket socket = new Socket()) {
      socket.connect(endpoint.address());
      socket.setSoTimeout(5000);
      socket
          .getOutputStream()
          .write("SSTP_DUPLEX_POST / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      // perhaps an alert, then the end
      assertThat(socket.getInputStream().readAllBytes().length).isLessThan(64);
    }
  }

  @Test
  void givenHalfOpenConnections_whenTheyAreThousands_thenTheOldestGoAndACallIsServed()
      throws Exception {
    List<Socket> idle = new java.util.ArrayList<>();
    try {
      for (int i = 0; i < 2500; i++) {
        Socket socket = new Socket();
        socket.connect(endpoint.address());
        idle.add(socket);
      }
      try (SstpTestClient client = caller()) {
        connect(client);
        assertThat(endpoint.waiting()).isLessThanOrEqualTo(2000);
      }
      idle.getFirst().setSoTimeout(5000);
      assertThat(idle.getFirst().getInputStream().read()).isEqualTo(-1);
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  @Test
  void givenPapIsNotAllowed_whenAClientWantsNothingElse_thenThereIsNoAgreement() throws Exception {
    endpoint.use(loopback.settings(List.of(AuthenticationProtocol.MSCHAPV2), List.of("TLSv1.3")));
    try (SstpTestClient client = caller()) {
      assertThat(client.tls()).startsWith("TLSv1.3");
      assertThat(client.login("bob", "b", true)).isEqualTo("terminated: no agreement on the link");
    }
    assertThatThrownBy(() -> new SstpTestClient(endpoint.address(), "TLSv1.2"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void givenAPacketForNobody_whenTheNetworkDeliversIt_thenTheNextOneArrives() throws Exception {
    try (SstpTestClient client = caller()) {
      TestPpp.Addresses addresses = connect(client);
      loopback.device.deliver(ping(0x08080808, addresses.client() + 1, 60));
      loopback.device.deliver(new byte[] {0x45});
      byte[] packet = ping(0x08080808, addresses.client(), EndpointSettings.MTU);
      loopback.device.deliver(packet);
      assertThat(client.nextPacket()).isEqualTo(packet);
    }
  }

  private void refusesBinding(Binding binding) throws Exception {
    try (SstpTestClient client = caller()) {
      assertThat(client.login("alice", "wonderland", false)).isEmpty();
      client.addresses();
      client.bind(binding);
      assertThat(client.abortStatus()).isEqualTo(VALUE_NOT_SUPPORTED);
      assertThat(client.isClosed()).isTrue();
    }
    assertThat(people.connected).isEmpty();
  }

  private SstpTestClient caller() throws Exception {
    SstpTestClient client = new SstpTestClient(endpoint.address());
    assertThat(client.post()).isEqualTo("HTTP/1.1 200 OK");
    assertThat(client.request(1)).isEqualTo(CALL_CONNECT_ACK);
    return client;
  }

  private TestPpp.Addresses connect(SstpTestClient client) throws Exception {
    assertThat(client.login("alice", "wonderland", false)).isEmpty();
    client.bind(Binding.RIGHT);
    TestPpp.Addresses addresses = client.addresses();
    awaitConnected(1);
    return addresses;
  }

  private void awaitConnected(int calls) {
    await().atMost(Duration.ofSeconds(5)).until(() -> people.connected.size() == calls);
  }

  private static byte[] ping(int from, int to, int length) {
    java.nio.ByteBuffer packet = java.nio.ByteBuffer.allocate(length);
    packet.put((byte) 0x45).put((byte) 0).putShort((short) length).putInt(0);
    packet.put((byte) 64).put((byte) 1).putShort((short) 0).putInt(from).putInt(to);
    if (length > 28) {
      packet.put((byte) 8);
    }
    return packet.array();
  }
}

package dev.p2s.sstp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.p2s.pki.Pem;
import dev.p2s.sstp.client.SstpTestClient;
import dev.p2s.sstp.client.SstpTestClient.Binding;
import dev.p2s.sstp.fuzz.Mutants;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The endpoint among those who mean it no good: it stays bounded, and nobody else notices. */
class SstpUnderAttackTest {

  /** As many as a gateway of any SKU has (seed, SKU table). */
  private static final int CALLS = 128;

  private static final int HALF_OPEN = 10_000;

  /** More than the endpoint keeps; older ones it has closed by then. */
  private static final int KEPT = 3_000;

  private static final int VALUE_NOT_SUPPORTED = 4;
  private static final int FLOOD = 20_000;
  private static final long PACKET = 1_300;
  private static final int ECHO_REQUEST = 8;
  private static final byte ECHO_RESPONSE = 9;

  private LoopbackEndpoint loopback;
  private InetSocketAddress server;

  @BeforeEach
  void start() throws IOException {
    loopback = new LoopbackEndpoint();
    server = loopback.endpoint.address();
  }

  @AfterEach
  void stop() {
    loopback.close();
  }

  @Test
  void givenAManInTheMiddleWithACertificateOfHisOwn_whenHeRelaysACall_thenItsBindingIsRefused()
      throws Exception {
    try (SSLServerSocket middle = relay();
        SstpTestClient client =
            Call.loggedIn((InetSocketAddress) middle.getLocalSocketAddress(), "wonderland")) {
      client.bind(Binding.RIGHT);

      assertThat(client.abortStatus()).isEqualTo(VALUE_NOT_SUPPORTED);
    }
    assertThat(loopback.people.connected).isEmpty();
  }

  @Test
  void givenAsManyCallsAsThereMayBe_whenTenThousandConnectAndSayNothing_thenNobodyNotices()
      throws Exception {
    List<Call> calls = new ArrayList<>();
    Deque<SocketChannel> silent = new ArrayDeque<>();
    try {
      for (int i = 0; i < CALLS; i++) {
        calls.add(Call.to(server));
      }
      for (int i = 0; i < HALF_OPEN; i++) {
        silent.add(SocketChannel.open(server));
        if (silent.size() > KEPT) {
          silent.remove().close();
        }
        if (i % 100 == 0) {
          calls.get(i / 100 % CALLS).ping();
        }
      }
      for (Call call : calls) {
        call.ping();
      }
      try (Call another = Call.to(server)) {
        another.ping();
      }
      assertThat(loopback.endpoint.waiting()).isLessThanOrEqualTo(2_000);
      assertThat(loopback.people.connected).hasSizeGreaterThanOrEqualTo(CALLS);
    } finally {
      for (AutoCloseable each : silent) {
        each.close();
      }
      for (Call call : calls) {
        call.close();
      }
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> loopback.people.connected.isEmpty() && loopback.endpoint.waiting() == 0);
  }

  @Test
  void givenWhatIsNearlyRight_whenItComesOverTls_thenEveryConnectionEndsAndACallIsServed()
      throws Exception {
    Mutants mutants =
        Mutants.of(
            1,
            "1001000e 00010001 00010006 0001",
            "10010070 00040001 00030068 00000002" + "ab".repeat(96),
            "10000012 ff03 c021 0101000a 0506 01020304",
            "1000003f ff03 c223 0201003b 31" + "11".repeat(49) + "616c696365",
            "10000020 ff03 0021 4500001c 00000000 40010000 ac100002 c0000207 08000000 00000000",
            "10010fff" + "00".repeat(300));
    for (int i = 0; i < 60; i++) {
      try (SstpTestClient client = new SstpTestClient(server)) {
        client.within(2_000);
        try {
          if (i % 4 != 0) {
            client.post();
          }
          if (i % 4 > 1) {
            client.request(1);
          }
          for (int j = 0; j < 40; j++) {
            client.raw(mutants.next());
          }
        } catch (IOException e) {
          assertThat(e).as("the server has hung up").isNotNull();
        }
      }
    }
    assertThat(loopback.people.connected).isEmpty();
    try (Call call = Call.to(server)) {
      call.ping();
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> loopback.people.connected.isEmpty() && loopback.endpoint.waiting() == 0);
  }

  @Test
  void givenACall_whenItSendsLongerPacketsThanItsLinkTakes_thenTheNextOneArrives()
      throws Exception {
    try (Call call = Call.to(server)) {
      for (int length : new int[] {1, 19, 20, 4_000, 4_087}) {
        ByteBuffer packet = ByteBuffer.allocate(length).put((byte) 0x45);
        if (length >= 20) {
          packet.putInt(12, call.address());
        }
        call.client().packet(packet.array());
      }
      assertThat(call.client().nextPacket()).as("the only one that is whole and fits").hasSize(20);
      call.ping();
    }
  }

  @Test
  void givenACallThatReadsNothing_whenTheNetworkFloodsIt_thenItLosesPacketsAndNobodyElseDoes()
      throws Exception {
    try (Call deaf = Call.to(server);
        Call other = Call.to(server)) {
      flood(deaf, other);

      other.ping();
      long carried =
          loopback.people.connected.values().stream().mapToLong(Caller::out).max().orElseThrow();
      assertThat(carried).as("bytes to the deaf one").isLessThan(FLOOD * PACKET);
    }
  }

  /** Else it would take the line for dead, just because it is full. */
  @Test
  void givenACallThatIsFlooded_whenItAsksWhetherTheLineStands_thenItIsAnswered() throws Exception {
    try (Call slow = Call.to(server);
        Call other = Call.to(server)) {
      flood(slow, other);

      slow.client().control(ECHO_REQUEST, new byte[0], 0);
      other.ping();

      slow.client().within(20_000);
      assertThat(slow.client().nextControl()[1]).isEqualTo(ECHO_RESPONSE);
    }
  }

  private void flood(Call call, Call other) throws IOException, InterruptedException {
    byte[] packet = new byte[(int) PACKET];
    packet[0] = 0x45;
    ByteBuffer.wrap(packet).putInt(16, call.address());
    for (int i = 0; i < FLOOD; i++) {
      loopback.device.deliver(packet);
      if (i % 1_000 == 0) {
        other.ping();
      }
    }
  }

  /** TLS of his own to the client, TLS to the gateway, and everything passed on. */
  private SSLServerSocket relay() throws GeneralSecurityException, IOException {
    SSLContext own = SSLContext.getInstance("TLS");
    own.init(TlsIdentity.keyManagers(List.of(loopback.identity())).getKeyManagers(), null, null);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("gateway", Pem.parseCertificate(loopback.authority()));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext onward = SSLContext.getInstance("TLS");
    onward.init(null, trust.getTrustManagers(), null);
    SSLServerSocket door =
        (SSLServerSocket)
            own.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                Socket client = door.accept();
                Socket gateway =
                    onward.getSocketFactory().createSocket(server.getAddress(), server.getPort());
                Thread.ofVirtual().start(() -> pass(client, gateway));
                pass(gateway, client);
              } catch (IOException e) {
                assertThat(door.isClosed()).isTrue();
              }
            });
    return door;
  }

  private static void pass(Socket from, Socket to) {
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      in.transferTo(out);
    } catch (IOException e) {
      assertThat(e).as("one of the two has hung up").isNotNull();
    }
  }
}

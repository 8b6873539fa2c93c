package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a pod's kernel says by its answer to a SYN, or by none. */
class AgentReachTest {

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger lost = new AtomicInteger();
  private final List<Socket> waiting = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Socket socket : waiting) {
      socket.close();
    }
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void givenAKernelThatAnswersNoMore_thenThePodIsLostOnce() throws IOException {
    // with its queue full, Linux leaves a SYN unanswered
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        AgentReach reach = reach(deaf)) {
      fill(deaf);

      await().atMost(Duration.ofSeconds(30)).until(() -> lost.get() == 1);
      assertThat(reach.takeLost()).isTrue();
      assertThat(reach.takeLost()).isFalse();
    }
  }

  @Test
  void givenAnAgentThatHasDied_thenItsKernelRefusesAndThePodIsThere() {
    assertThat(AgentReach.isSilence(new ConnectException("Connection refused"))).isFalse();
    assertThat(AgentReach.isSilence(new NoRouteToHostException())).isTrue();
    assertThat(AgentReach.isSilence(new ConnectTimeoutException())).isTrue();
  }

  @Test
  void givenAnAgentThatIsGone_whenClientsAreRefusedToo_thenThePodIsLost() throws IOException {
    int dialled = closedPort();
    try (ServerSocket agent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        AgentReach reach = reach(agent, OptionalInt.of(dialled))) {
      reach.agentEnded();

      await().atMost(Duration.ofSeconds(10)).until(() -> lost.get() == 1);
      assertThat(reach.takeLost()).isTrue();
    }
  }

  @Test
  void givenAnAgentThatIsGone_whenItsServersEndALittleLater_thenThePodIsLostThen()
      throws IOException {
    try (ServerSocket agent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket servers = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        AgentReach reach = reach(agent, OptionalInt.of(servers.getLocalPort()))) {
      reach.agentEnded();

      servers.accept().close();
      assertThat(reach.takeLost()).isFalse();
      servers.close();
      await().atMost(Duration.ofSeconds(10)).until(reach::takeLost);
    }
  }

  @Test
  void givenAnAgentThatIsGone_whenItsServersTakeClients_thenThePodIsNotLost() throws IOException {
    try (ServerSocket agent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket servers = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        AgentReach reach = reach(agent, OptionalInt.of(servers.getLocalPort()))) {
      reach.agentEnded();

      for (int i = 0; i < 6; i++) {
        servers.accept().close();
      }
      assertThat(lost).hasValue(0);
    }
  }

  private static int closedPort() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return server.getLocalPort();
    }
  }

  private AgentReach reach(ServerSocket agent) {
    return reach(agent, OptionalInt.empty());
  }

  private AgentReach reach(ServerSocket agent, OptionalInt clientPort) {
    return new AgentReach(
        vertx, "127.0.0.1", agent.getLocalPort(), clientPort, lost::incrementAndGet);
  }

  /** Connects until nobody is answered any more. */
  private void fill(ServerSocket server) throws IOException {
    for (int i = 0; i < 8; i++) {
      Socket socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(server.getLocalSocketAddress(), 200);
      } catch (java.net.SocketTimeoutException full) {
        return;
      }
    }
    throw new AssertionError("the queue does not fill");
  }
}

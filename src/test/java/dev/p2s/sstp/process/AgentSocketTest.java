package dev.p2s.sstp.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.p2s.dataplane.JsonLines;
import dev.p2s.dataplane.sstp.EndpointCommand;
import dev.p2s.dataplane.sstp.EndpointEvent;
import dev.p2s.dataplane.sstp.EndpointWire;
import dev.p2s.sstp.ppp.Login;
import dev.p2s.sstp.server.Caller;
import dev.p2s.sstp.server.Gatekeeper.Verdict;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class AgentSocketTest {

  private final AgentDesk desk = new AgentDesk("e1");
  private final EndpointWire wire = new EndpointWire();
  private final List<Verdict> verdicts = new CopyOnWriteArrayList<>();

  @TempDir private Path directory;

  @Test
  @Timeout(30)
  void givenAnAgentThatNeverListens_whenManyCall_thenNoCallWaitsForIt() throws Exception {
    try (AgentSocket socket = open();
        SocketChannel deaf = dial()) {
      await().atMost(Duration.ofSeconds(5)).until(this::isAgentThere);

      for (int i = 0; verdicts.isEmpty(); i++) {
        desk.ask(
            new Caller(i, "192.0.2.1:5", () -> {}),
            new Login.Pap("u".repeat(200), "p"),
            verdict -> {
              // one refusal is enough: nobody is there any more
              if (verdicts.isEmpty()) {
                verdicts.add(verdict);
              }
            });
      }

      assertThat(((Verdict.Sorry) verdicts.getFirst()).lasting()).isFalse();
    }
  }

  @Test
  void givenAnAgent_whenItSaysNonsense_thenItIsCutOffAndTheNextIsHeard() throws Exception {
    try (AgentSocket socket = open()) {
      try (SocketChannel bad = dial()) {
        InputStream in = new BufferedInputStream(Channels.newInputStream(bad));
        assertThat(next(in)).isInstanceOf(EndpointEvent.Attached.class);
        bad.write(ByteBuffer.wrap("nonsense\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(in.read()).isEqualTo(-1);
      }
      try (SocketChannel good = dial()) {
        InputStream in = new BufferedInputStream(Channels.newInputStream(good));
        assertThat(next(in)).isInstanceOf(EndpointEvent.Attached.class);
        desk.ask(
            new Caller(1, "192.0.2.1:5", () -> {}), new Login.Pap("alice", "p"), verdicts::add);
        assertThat(next(in)).isInstanceOf(EndpointEvent.Arrived.class);
        good.write(ByteBuffer.wrap(wire.write(new EndpointCommand.Refuse(1, true, "No."))));
        await().until(() -> verdicts.equals(List.of(new Verdict.Sorry(true, "No."))));
      }
    }
  }

  private boolean isAgentThere() {
    List<Verdict> answers = new CopyOnWriteArrayList<>();
    desk.ask(new Caller(-1, "192.0.2.1:5", () -> {}), new Login.Pap("nobody", "p"), answers::add);
    return answers.isEmpty();
  }

  private AgentSocket open() throws IOException {
    return new AgentSocket(directory.resolve("endpoint.sock"), desk, serve -> "");
  }

  private SocketChannel dial() throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("endpoint.sock")));
  }

  private EndpointEvent next(InputStream in) throws IOException {
    return wire.readEvent(JsonLines.next(in).orElseThrow());
  }
}

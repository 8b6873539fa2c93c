package dev.p2s.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.p2s.addressing.Cidr;
import dev.p2s.agent.kernel.NetdClient;
import dev.p2s.dataplane.JsonLines;
import dev.p2s.dataplane.kernel.Grant;
import dev.p2s.dataplane.kernel.NetdCommand;
import dev.p2s.dataplane.kernel.NetdWire;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.kernel.TunnelAddress;
import dev.p2s.dataplane.sstp.EndpointCommand;
import dev.p2s.dataplane.sstp.EndpointEvent;
import dev.p2s.dataplane.sstp.EndpointWire;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import dev.p2s.sstp.binding.HigherLayerKey;
import dev.p2s.sstp.client.MsChapV2;
import dev.p2s.sstp.client.SstpProbe;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The SSTP endpoint as it runs in a pod: a process without a capability on a tun device that the
 * real netd has made, behind TCP 443. The test is the agent.
 */
class SstpProcessNamespaceIT {

  private static final String POD = "p2ssstp";
  private static final String SERVICE = "p2ssstpsvc";
  private static final String CLIENT = "p2ssstpcli";
  private static final ProcessSlot SLOT = ProcessSlot.SSTP;
  private static final int MTU = 1370;
  private static final TunnelAddress ADDRESS = TunnelAddress.parse("172.16.0.7");
  private static final TunnelAddress GATEWAY = TunnelAddress.parse("172.16.0.1");

  private final EndpointWire wire = new EndpointWire();
  private final SecureRandom random = new SecureRandom();
  private Machine machine;
  private Path run;

  @TempDir(cleanup = CleanupMode.NEVER)
  private Path directory;

  @AfterEach
  void stop() {
    if (machine != null) {
      machine.close();
    }
  }

  @Test
  void givenACall_whenItsAgentIsStartedAnew_thenItGoesOnUntilItIsHungUp() throws Exception {
    start();
    try (NetdClient netd = new NetdClient(run)) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Files.exists(run.resolve(NetdWire.SOCKET)));
      netd.require(configuration());
      long call;
      try (Agent agent = new Agent()) {
        EndpointEvent.Attached first = (EndpointEvent.Attached) agent.next();
        assertThat(first.calls()).isEmpty();
        agent.say(serve());
        assertThat(agent.next()).isEqualTo(new EndpointEvent.Serving(""));
        machine.start(
            "probe",
            CLIENT,
            Map.of(),
            GatewayPod.java(
                "",
                SstpProbe.class.getName()
                    + " 192.168.77.1 443 alice wonderland "
                    + GatewayPod.ADVERTISED));
        EndpointEvent.Arrived arrived = (EndpointEvent.Arrived) agent.next();
        call = arrived.call();
        assertThat(arrived.clientAddress()).startsWith("192.168.77.2:");
        netd.require(new NetdCommand.Permit(List.of(new Grant(ADDRESS, SLOT))));
        agent.say(welcome(arrived));
        assertThat(agent.next()).isEqualTo(new EndpointEvent.Connected(call));
        awaitProbe("pong true");
      }
      assertThat(probe()).contains("tls TLSv1.3").contains("address ac100007");

      long before = pongs();
      await().atMost(Duration.ofSeconds(10)).until(() -> pongs() > before + 5);
      try (Agent agent = new Agent()) {
        EndpointEvent.Attached again = (EndpointEvent.Attached) agent.next();
        assertThat(again.calls()).containsExactly(new EndpointEvent.Call(call, ADDRESS, true));
        netd.require(new NetdCommand.Forbid(List.of(ADDRESS)));
        awaitProbe("silence");
        agent.say(new EndpointCommand.HangUp(call));
        EndpointEvent.Left left = null;
        while (left == null) {
          if (agent.next() instanceof EndpointEvent.Left gone) {
            left = gone;
          }
        }
        assertThat(left.call()).isEqualTo(call);
        assertThat(left.in()).isGreaterThan(48 * 5);
        assertThat(left.out()).isGreaterThan(48 * 5);
      }
      awaitProbe("ended");
    }
  }

  private void start() throws IOException {
    machine = new Machine(directory);
    run = directory.resolve("run");
    Files.createDirectories(run);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxrwxrwx"));
    machine.namespace(POD);
    machine.namespace(SERVICE);
    machine.namespace(CLIENT);
    machine.cable(POD, "10.96.0.1/24", SERVICE, GatewayPod.ADVERTISED + "/24");
    machine.cable(POD, "192.168.77.1/24", CLIENT, "192.168.77.2/24");
    machine.start(
        "netd",
        POD,
        Map.of("P2S_RUN_DIR", run.toString()),
        GatewayPod.java(
            "exec setpriv --bounding-set=-all,+net_admin --inh-caps=-all --no-new-privs ",
            "dev.p2s.netd.Netd"));
    String tun = directory.resolve("tun").toString();
    // ip netns exec has a mount namespace of its own, so that the node's device stays as it is.
    machine.start(
        "sstp",
        POD,
        Map.of("P2S_RUN_DIR", run.toString()),
        GatewayPod.java(
            "mknod "
                + tun
                + " c 10 200 && chmod 666 "
                + tun
                + " && mount --bind "
                + tun
                + " /dev/net/tun && exec setpriv --reuid 10001 --regid 10001 --clear-groups"
                + " --inh-caps=-all,+dac_read_search --ambient-caps=+dac_read_search ",
            "dev.p2s.sstp.process.SstpProcess"));
  }

  private static NetdCommand.Configure configuration() {
    return new NetdCommand.Configure(
        List.of(SLOT),
        List.of(SLOT),
        List.of(GATEWAY),
        List.of(Cidr.parse("10.96.0.0/24")),
        true,
        MTU,
        null);
  }

  private EndpointCommand.Serve serve() {
    Instant now = Instant.now();
    CertificateAuthority authority =
        CertificateAuthority.selfSigned(
            "Server CA", KeyKind.EC_P256, Duration.ofDays(2), now, random);
    CertificateAuthority.Leaf leaf =
        authority.issueServer(
            "gw", List.of("gw"), KeyKind.EC_P256, Duration.ofDays(1), now, random);
    return new EndpointCommand.Serve(
        SLOT,
        MTU,
        List.of(
            new EndpointCommand.Identity(Pem.certificate(leaf.certificate()), Pem.key(leaf.key()))),
        List.of("TLSv1.3", "TLSv1.2"),
        List.of("TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
        List.of(EndpointCommand.Method.MSCHAPV2),
        List.of(),
        "gw");
  }

  private static EndpointCommand.Welcome welcome(EndpointEvent.Arrived arrived) {
    EndpointEvent.MsChapV2 shown = (EndpointEvent.MsChapV2) arrived.shown();
    MsChapV2 known =
        new MsChapV2(shown.user(), "wonderland", shown.challenge(), shown.peerChallenge());
    assertThat(shown.response()).isEqualTo(known.ntResponse());
    return new EndpointCommand.Welcome(
        arrived.call(),
        ADDRESS,
        GATEWAY,
        List.of(),
        known.authenticatorResponse(),
        HigherLayerKey.ofMppe(known.clientToServer(), known.serverToClient()).bytes());
  }

  private String probe() throws IOException {
    return Files.readString(machine.log("probe"));
  }

  private long pongs() throws IOException {
    return probe().lines().filter("pong true"::equals).count();
  }

  private void awaitProbe(String line) {
    await().atMost(Duration.ofSeconds(20)).until(() -> probe().lines().anyMatch(line::equals));
  }

  /** What an agent is to the endpoint. */
  private final class Agent implements AutoCloseable {

    private final SocketChannel channel;
    private final InputStream in;

    Agent() {
      Path socket = run.resolve(EndpointWire.SOCKET);
      channel =
          await()
              .atMost(Duration.ofSeconds(30))
              .ignoreExceptions()
              .until(() -> SocketChannel.open(UnixDomainSocketAddress.of(socket)), c -> true);
      in = new BufferedInputStream(Channels.newInputStream(channel));
    }

    void say(EndpointCommand command) throws IOException {
      channel.write(ByteBuffer.wrap(wire.write(command)));
    }

    EndpointEvent next() throws IOException {
      return wire.readEvent(JsonLines.next(in).orElseThrow());
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}

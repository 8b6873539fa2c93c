package dev.p2s.agent.pod;

import static org.awaitility.Awaitility.await;

import dev.p2s.dataplane.StateSecret;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody's machine with a stock OpenVPN client, on a cable of its own to the gateway. */
final class Laptop {

  private static final String CONNECTED = "Initialization Sequence Completed";

  private final GatewayPod pod;
  private final String name;
  private final String gatewayAddress;
  private final Path directory;
  private int streams;
  private Process client;

  Laptop(GatewayPod pod, Path directory, String name, int network) throws IOException {
    this.pod = pod;
    this.name = Machine.named(name);
    this.directory = Files.createDirectories(directory.resolve(name));
    this.gatewayAddress = "192.168." + network + ".1";
    pod.machine.namespace(this.name);
    pod.machine.cable(
        GatewayPod.POD, gatewayAddress + "/24", this.name, "192.168." + network + ".2/24");
  }

  /** Dials with a certificate; does not wait. */
  void dial(CertificateAuthority.Leaf leaf) throws IOException {
    Files.deleteIfExists(pod.machine.log(name));
    Path profile = directory.resolve("profile.ovpn");
    Files.writeString(
        profile,
        """
        client
        dev tun0
        proto tcp
        remote %s 443
        nobind
        auth SHA256
        data-ciphers AES-256-GCM
        verify-x509-name %s name
        remote-cert-tls server
        key-direction 1
        connect-retry 1 1
        connect-timeout 5
        verb 3
        <ca>
        %s</ca>
        <cert>
        %s</cert>
        <key>
        %s</key>
        <tls-auth>
        %s
        </tls-auth>
        """
            .formatted(
                gatewayAddress,
                GatewayPod.NAME,
                pod.key(StateSecret.SERVER_CA),
                Pem.certificate(leaf.certificate()),
                Pem.key(leaf.key()),
                pod.key(StateSecret.TLS_AUTH_KEY).strip()));
    client = pod.machine.start(name, name, Map.of(), "openvpn", "--config", profile.toString());
  }

  void connect(CertificateAuthority.Leaf leaf) throws IOException {
    dial(leaf);
    awaitLog(CONNECTED);
  }

  void hangUp() throws InterruptedException {
    if (client != null) {
      client.destroy();
      client.waitFor(10, TimeUnit.SECONDS);
      client = null;
    }
  }

  boolean hasEnded() {
    return !client.isAlive();
  }

  String log() {
    try {
      return Files.readString(pod.machine.log(name));
    } catch (IOException e) {
      return "";
    }
  }

  void awaitLog(String text) {
    await()
        .alias("the client's log: " + text)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() -> org.assertj.core.api.Assertions.assertThat(log()).contains(text));
  }

  /** The first line that the service says at an address; or "". */
  String ask(String address) {
    return TickServer.ask(name, address);
  }

  /** The route that the machine's system takes to an address. */
  String wayTo(String address) {
    return pod.machine.require("ip", "-n", name, "route", "get", address);
  }

  /** What ping says about one packet to an address. */
  String ping(String address) {
    return pod.machine.require(
        "ip", "netns", "exec", name, "sh", "-c", "ping -c 1 -W 2 " + address + "; true");
  }

  /** The largest segment that a new connection to the service may send, in bytes. */
  int segmentTo(String address) {
    String shown =
        pod.machine.require(
            "ip",
            "netns",
            "exec",
            name,
            "timeout",
            "5",
            "bash",
            "-c",
            "exec 3<>/dev/tcp/"
                + address
                + "/"
                + TickServer.PORT
                + " && ss -tniH dst "
                + quoted(address));
    Matcher mss = Pattern.compile("\\bmss:([0-9]+)").matcher(shown);
    if (!mss.find()) {
      throw new IllegalStateException("no connection to " + address + ": " + shown);
    }
    return Integer.parseInt(mss.group(1));
  }

  private static String quoted(String address) {
    return address.indexOf(':') < 0 ? address : "'[" + address + "]'";
  }

  /** Whether an address answers a ping. */
  boolean pings(String address) {
    return ping(address).contains(" 1 received");
  }

  /** Opens a connection to the service that goes on hearing ticks. */
  TickStream listen() {
    String log = name + "-stream" + streams++;
    pod.machine.start(
        log,
        name,
        Map.of(),
        "bash",
        "-c",
        "exec 3<>/dev/tcp/" + GatewayPod.ADVERTISED + "/" + TickServer.PORT + " && exec cat <&3");
    TickStream stream = new TickStream(pod.machine.log(log));
    await().atMost(Duration.ofSeconds(5)).until(() -> stream.ticks() > 0);
    return stream;
  }

  /** Sends from another's tunnel address from now on. */
  void sendFrom(String address) {
    pod.machine.require("ip", "-n", name, "address", "add", address + "/32", "dev", "tun0");
    for (String net : List.of("10.96.0.0/24")) {
      pod.machine.require("ip", "-n", name, "route", "replace", net, "dev", "tun0", "src", address);
    }
  }

  /** Ticks that have come through so far. */
  record TickStream(Path log) {

    long ticks() {
      try (var lines = Files.lines(log)) {
        return lines.count();
      } catch (IOException e) {
        return 0;
      }
    }

    /** How many ticks come in a while. */
    long during(Duration while_) throws InterruptedException {
      long before = ticks();
      Thread.sleep(while_);
      return ticks() - before;
    }
  }
}

package dev.p2s.agent.pod;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.StateSecret;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.OpenVpnStaticKey;
import dev.p2s.pki.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A gateway pod without a cluster: the real netd (NET_ADMIN and nothing else), the real openvpn
 * under the image's scripts (uid 10001, no capability) and the real agent, in a network namespace,
 * with a service behind it.
 */
final class GatewayPod implements AutoCloseable {

  static final String NAME = "gw.default.p2s";
  static final String POD = Machine.named("gw");
  static final String SERVICE = Machine.named("svc");

  /** Reaches the service by an advertised and by another address. */
  static final String ADVERTISED = "10.96.0.10";

  static final String HIDDEN = "10.97.0.10";

  /** The service's IPv6 addresses, an advertised and another one. */
  static final String ADVERTISED_IPV6 = "fd96::10";

  static final String HIDDEN_IPV6 = "fd97::10";

  private static final ObjectMapper JSON =
      JsonMapper.builder().addModule(new JavaTimeModule()).build();

  /** Stands for the node that the pod runs on; the service answers there too. */
  static final String NODE = "10.97.0.99";

  final Machine machine;
  private final Path run;
  private final Path state;
  private final Map<String, String> keys = new TreeMap<>();
  private long generation;
  private Process netd;
  private Process agent;
  private final Process servers;

  GatewayPod(Path directory, Machine machine) throws IOException {
    this.machine = machine;
    this.run = directory.resolve("run");
    this.state = directory.resolve("state");
    Files.createDirectories(run);
    Files.createDirectories(state);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxrwxrwx"));
    newServerKeys();
    machine.namespace(POD);
    machine.namespace(SERVICE);
    machine.cable(POD, "10.96.0.1/24", SERVICE, ADVERTISED + "/24");
    machine.cable(POD, "10.97.0.1/24", SERVICE, HIDDEN + "/24");
    machine.cable(POD, "fd96::1/64", SERVICE, ADVERTISED_IPV6 + "/64");
    machine.cable(POD, "fd97::1/64", SERVICE, HIDDEN_IPV6 + "/64");
    machine.start("service", SERVICE, Map.of(), java("", TickServer.class.getName()));
    bindService(NODE + "/32");
    startNetd();
    servers =
        machine.start(
            "openvpn",
            POD,
            Map.of(),
            "unshare",
            "-m",
            "sh",
            "-c",
            // The node's device as udev makes it; what the container may do is what the pod allows.
            "mknod "
                + directory
                + "/tun c 10 200 && chmod 666 "
                + directory
                + "/tun && mount --bind "
                + directory
                + "/tun /dev/net/tun && exec setpriv --reuid 10001 --regid 10001 --clear-groups"
                + " --inh-caps=-all --bounding-set=-all --no-new-privs "
                + Path.of("images/openvpn/supervise").toAbsolutePath()
                + " "
                + run.resolve("openvpn"));
    startAgent();
  }

  /** Gives the service one more address, which the pod knows the way to. */
  void bindService(String address) {
    String plain = address.substring(0, address.indexOf('/'));
    machine.require("ip", "-n", SERVICE, "address", "replace", address, "dev", "lo");
    machine.require("ip", "-n", POD, "route", "replace", plain, "via", ADVERTISED);
  }

  /** Starts charon as the strongswan container does. */
  void startCharon(StrongSwan strongSwan) throws IOException {
    Files.setPosixFilePermissions(
        Files.createDirectories(run.resolve("charon")),
        PosixFilePermissions.fromString("rwxrwxrwx"));
    strongSwan.start(
        machine,
        "charon",
        POD,
        run,
        "exec setpriv --regid 10001 --clear-groups --bounding-set=-all,+net_admin,+net_bind_service"
            + " --inh-caps=-all --no-new-privs /usr/lib/p2s/charon/supervise");
  }

  /** Keys that a pod's servers are started with; other ones make a new server set. */
  void newServerKeys() {
    SecureRandom random = new SecureRandom();
    Instant now = Instant.now();
    CertificateAuthority authority =
        CertificateAuthority.selfSigned(
            "Server CA", KeyKind.EC_P256, Duration.ofDays(2), now, random);
    for (KeyKind kind : List.of(KeyKind.EC_P256, KeyKind.RSA_2048)) {
      var leaf = authority.issueServer(NAME, List.of(NAME), kind, Duration.ofDays(1), now, random);
      boolean ec = kind == KeyKind.EC_P256;
      keys.put(
          ec ? StateSecret.SERVER_EC_CERTIFICATE : StateSecret.SERVER_RSA_CERTIFICATE,
          Pem.certificate(leaf.certificate()));
      keys.put(ec ? StateSecret.SERVER_EC_KEY : StateSecret.SERVER_RSA_KEY, Pem.key(leaf.key()));
    }
    keys.put(StateSecret.SERVER_CA, Pem.certificate(authority.certificate()));
    keys.putIfAbsent(StateSecret.TLS_AUTH_KEY, OpenVpnStaticKey.generate(random).file());
  }

  String key(String entry) {
    return keys.get(entry);
  }

  /** Puts a state where kubelet would and waits until it is programmed. */
  AgentReport program(GatewayState wanted) throws IOException {
    place(wanted);
    return awaitReport(
        report -> report.programmed() && report.stateGeneration() == wanted.generation());
  }

  void place(GatewayState wanted) throws IOException {
    Map<String, String> entries = new TreeMap<>(keys);
    entries.put(StateSecret.STATE, JSON.writeValueAsString(wanted));
    Path projection = state.resolve("..version" + wanted.generation());
    Files.createDirectories(projection);
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      Files.writeString(projection.resolve(entry.getKey()), entry.getValue());
    }
    Path next = state.resolve("..data_tmp");
    Files.deleteIfExists(next);
    Files.createSymbolicLink(next, projection);
    Files.move(
        next,
        state.resolve("..data"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  long nextGeneration() {
    return ++generation;
  }

  AgentReport report() {
    try {
      return JSON.readValue(
          Files.readAllBytes(run.resolve("agent/report.json")), AgentReport.class);
    } catch (IOException e) {
      return AgentReport.of("").message("no report yet").build();
    }
  }

  AgentReport awaitReport(Predicate<AgentReport> expected) {
    return await()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(50))
        .until(this::report, expected);
  }

  /** Server sets whose files are there. */
  List<String> serverSets() throws IOException {
    try (var sets = Files.list(run.resolve("openvpn-sets"))) {
      return sets.map(set -> set.getFileName().toString()).sorted().toList();
    }
  }

  /** The tun devices of the pod. */
  List<String> tunnelDevices() {
    return machine.require("ip", "-n", POD, "-br", "link", "show", "type", "tun").lines().toList();
  }

  /** How many processes of a program the openvpn container has. */
  long serverProcesses(String program) {
    return servers
        .descendants()
        .filter(process -> process.info().command().orElse("").endsWith("/" + program))
        .count();
  }

  /** Kills every openvpn process, as a crash would. */
  void killServers() {
    servers
        .descendants()
        .filter(process -> process.info().command().orElse("").endsWith("/openvpn"))
        .forEach(ProcessHandle::destroyForcibly);
  }

  void killAgent() throws Exception {
    agent.destroyForcibly().waitFor();
  }

  void killNetd() throws Exception {
    netd.destroyForcibly().waitFor();
  }

  void startAgent() {
    agent =
        machine.start(
            "agent",
            POD,
            Map.of(
                "P2S_GATEWAY",
                "gw",
                "POD_NAMESPACE",
                "default",
                "POD_NAME",
                "gw-0",
                "P2S_NODE_ADDRESSES",
                NODE,
                "P2S_RUN_DIR",
                run.toString(),
                "P2S_STATE_DIR",
                state.toString(),
                "P2S_SERVER_SCRIPTS",
                Path.of("images/openvpn").toAbsolutePath().toString()),
            // The one capability lets it read this build's classes; in a pod it has none.
            java(
                "exec setpriv --reuid 10001 --regid 10001 --clear-groups"
                    + " --inh-caps=-all,+dac_read_search --ambient-caps=+dac_read_search ",
                AgentProcess.class.getName()));
  }

  void startNetd() {
    netd =
        machine.start(
            "netd",
            POD,
            Map.of("P2S_RUN_DIR", run.toString()),
            java(
                "exec setpriv --bounding-set=-all,+net_admin --inh-caps=-all --no-new-privs ",
                "dev.p2s.netd.Netd"));
  }

  @Override
  public void close() {
    machine.close();
  }

  static String[] java(String prefix, String main) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String command =
        (prefix.isEmpty() ? "exec " : prefix)
            + java
            + " -Xmx64m --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '"
            + System.getProperty("java.class.path")
            + "' "
            + main;
    return new String[] {"sh", "-c", command};
  }
}

package dev.p2s.cluster;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * A person's machine outside the cluster: a container on the engine's network with Debian's stock
 * OpenVPN, which knows nothing of the gateway but the package that it is given. As Debian has it, a
 * script of the distribution takes over the resolver that the gateway names.
 */
public final class VpnClient implements AutoCloseable, Shell {

  public static final String IMAGE = "p2s.test/client:" + Installation.TAG;

  private static final String CONFIGURATION = "/vpn/vpnconfig.ovpn";
  private static final String CREDENTIALS = "/vpn/credentials";
  private static final String PACKAGE = "/vpn/package.zip";

  // what Debian's package says in the head of that script
  private static final String DEBIANS_RESOLVER =
      "--script-security 2 --up /etc/openvpn/update-resolv-conf"
          + " --down /etc/openvpn/update-resolv-conf";

  private final GenericContainer<?> machine;

  /** A machine that goes with this run. */
  public VpnClient() {
    this(IMAGE, container -> container.withLabels(EngineContainers.ofThisRun()));
  }

  /**
   * A machine whose OpenVPN sends passwords as long as an access token, as the Azure VPN Client
   * does: the gateway's own build of it.
   */
  public static VpnClient ofLongPasswords() {
    buildStock();
    String image = "p2s.test/token-client:" + Installation.TAG;
    Command.of(
            "hack/build-image",
            image,
            "images/token-client",
            "--build-arg",
            "GATEWAY=" + Installation.OPENVPN_IMAGE,
            "--build-arg",
            "CLIENT=" + IMAGE)
        .run(Duration.ofMinutes(10))
        .required();
    return new VpnClient(image, container -> container.withLabels(EngineContainers.ofThisRun()));
  }

  private static void buildStock() {
    Command.of("hack/base-image").run(Duration.ofMinutes(10)).required();
    Command.of("hack/build-image", IMAGE, "images/client").run(Duration.ofMinutes(10)).required();
  }

  /**
   * A machine that goes with a kept cluster.
   *
   * @param container its name on the engine; one that has the name makes way
   * @param cluster the cluster's name
   */
  public static VpnClient kept(String container, String cluster) {
    EngineContainers.remove(List.of(container));
    return new VpnClient(
        IMAGE,
        machine ->
            machine
                .withLabels(EngineContainers.ofKept(cluster))
                .withReuse(true)
                .withCreateContainerCmdModifier(create -> create.withName(container)));
  }

  private VpnClient(String image, Consumer<GenericContainer<?>> kind) {
    buildStock();
    machine =
        new GenericContainer<>(DockerImageName.parse(image))
            .withCreateContainerCmdModifier(
                create ->
                    create
                        .getHostConfig()
                        .withCapAdd(Capability.NET_ADMIN)
                        .withDevices(Device.parse("/dev/net/tun")))
            .withCommand("sleep", "infinity");
    kind.accept(machine);
    machine.start();
  }

  /** Starts OpenVPN with a configuration, as it is, in the background. */
  public void dial(String ovpn) {
    machine.copyFileToContainer(
        Transferable.of(ovpn.getBytes(StandardCharsets.UTF_8)), CONFIGURATION);
    dialFile(CONFIGURATION);
  }

  /** Starts OpenVPN with a configuration, and a file of a name and a password. */
  public void dialAs(String ovpn, String user, String password) {
    credentials(user, password);
    machine.copyFileToContainer(
        Transferable.of(ovpn.getBytes(StandardCharsets.UTF_8)), CONFIGURATION);
    dialFile(CONFIGURATION + " --auth-user-pass " + CREDENTIALS);
  }

  /** Writes the file of a name and a password, which OpenVPN reads when it dials. */
  public void credentials(String user, String password) {
    machine.copyFileToContainer(
        Transferable.of((user + "\n" + password + "\n").getBytes(StandardCharsets.UTF_8)),
        CREDENTIALS);
  }

  /** Dials with a name and a password and waits until the tunnel is up. */
  public VpnClient connectAs(String ovpn, String user, String password) {
    dialAs(ovpn, user, password);
    return awaitTunnel();
  }

  /**
   * Dials as somebody who sits before the client: it asks for name and password, then for what the
   * server wants to know beyond that.
   *
   * @param code the answer to that
   */
  public VpnClient connectAnswering(String ovpn, String user, String password, String code) {
    machine.copyFileToContainer(
        Transferable.of(ovpn.getBytes(StandardCharsets.UTF_8)), CONFIGURATION);
    machine.copyFileToContainer(
        Transferable.of(
            """
            exec 3<>/dev/tcp/127.0.0.1/7505
            id=
            while read -r line <&3; do
              case $line in
              *"Verification Failed: 'Auth' ['CRV1:"*)
                rest=${line#*CRV1:} rest=${rest#*:} id=${rest%%:*} ;;
              *"Need 'Auth' username/password"*)
                said=$2
                [ -z "$id" ] || said="CRV1::$id::$3"
                printf 'username "Auth" "%s"\npassword "Auth" "%s"\n' "$1" "$said" >&3 ;;
              esac
            done
            """
                .getBytes(StandardCharsets.UTF_8)),
        "/vpn/person");
    dialFile(
        CONFIGURATION
            + " --auth-retry interact --management 127.0.0.1 7505 --management-query-passwords");
    run(
        "bash",
        "-c",
        "(sleep 1; bash /vpn/person \"$@\") > /vpn/person.log 2>&1 &",
        "person",
        user,
        password,
        code);
    return awaitTunnel();
  }

  private void dialFile(String configuration) {
    run(
        "sh",
        "-c",
        "cd /vpn && rm -f openvpn.log && (openvpn --config "
            + configuration
            + " "
            + DEBIANS_RESOLVER
            + " > console.log 2>&1 &)");
  }

  /** Dials and waits until the tunnel is up. */
  public VpnClient connect(String ovpn) {
    dial(ovpn);
    return awaitTunnel();
  }

  /**
   * Unpacks a package on the machine, dials with what is in it and waits until the tunnel is up.
   */
  public VpnClient connectWithPackage(byte[] zip) {
    machine.copyFileToContainer(Transferable.of(zip), PACKAGE);
    run("unzip", "-q", "-o", PACKAGE, "-d", "/vpn/package");
    dialFile("/vpn/package/OpenVPN/vpnconfig.ovpn");
    return awaitTunnel();
  }

  private VpnClient awaitTunnel() {
    try {
      Awaitility.await("the client's tunnel")
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(200))
          .until(() -> log().contains("Initialization Sequence Completed"));
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("the client's tunnel did not come up; its log:\n" + log(), e);
    }
    return this;
  }

  /** What OpenVPN wrote. */
  public String log() {
    return exec("sh", "-c", "cat /vpn/openvpn.log /vpn/console.log 2>/dev/null || true")
        .getStdout();
  }

  /** The address that the gateway gave. */
  public String tunnelAddress() {
    return run("sh", "-c", "ip -4 -o addr show dev tun0 | awk '{print $4}' | cut -d/ -f1").strip();
  }

  /** Ends OpenVPN as a person does. */
  public void hangUp() {
    exec("pkill", "-TERM", "openvpn");
  }

  /** Runs a program that must succeed and returns what it printed. */
  @Override
  public String run(String... words) {
    return new ContainerShell(machine).run(words);
  }

  public Container.ExecResult exec(String... words) {
    return new ContainerShell(machine).exec(words);
  }

  @Override
  public void close() {
    machine.stop();
  }
}

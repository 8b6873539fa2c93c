package dev.p2s.cluster;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * A person's machine outside the cluster: a container on the engine's network with Debian's stock
 * strongSwan, which knows nothing of the gateway but the package that it is given.
 */
public final class StrongSwanClient implements AutoCloseable, Shell {

  public static final String IMAGE = "p2s.test/ikev2-client:local";
  private static final String ZIP = "/vpn/package.zip";

  private final GenericContainer<?> machine;

  public StrongSwanClient() {
    Command.of("hack/base-image").run(Duration.ofMinutes(10)).required();
    Command.of("hack/build-image", IMAGE, "images/ikev2-client")
        .run(Duration.ofMinutes(10))
        .required();
    machine =
        new GenericContainer<>(DockerImageName.parse(IMAGE))
            .withLabels(EngineContainers.ofThisRun())
            .withCreateContainerCmdModifier(
                create ->
                    create
                        .getHostConfig()
                        .withCapAdd(Capability.NET_ADMIN)
                        .withDevices(Device.parse("/dev/net/tun")));
    machine.start();
  }

  /** Unpacks a package, tells strongSwan to use it, and dials; what strongSwan said. */
  String dial(byte[] zip) {
    return dialAs(zip, "", "");
  }

  /** The same with a name and a password in the places that the package has for them. */
  String dialAs(byte[] zip, String user, String password) {
    machine.copyFileToContainer(Transferable.of(zip), ZIP);
    return exec(
            "sh",
            "-c",
            "cd /vpn && rm -rf package && unzip -q package.zip -d package"
                + " && sed -i \"s|[$]USERNAME\\\"|$1\\\"|; s|[$]PASSWORD\\\"|$2\\\"|\""
                + " package/strongSwan/swanctl.conf"
                + " && for settings in package/strongSwan/strongswan.d/*.conf; do [ ! -e $settings ]"
                + " || cp $settings /etc/strongswan.d; done && swanctl --reload-settings"
                + " && export SWANCTL_DIR=/vpn/package/strongSwan && swanctl --load-all --clear"
                + " && swanctl --initiate --child net --timeout 30 2>&1",
            "sh",
            user,
            password)
        .getStdout();
  }

  /** Dials with a package and a certificate of the person's own, PEM; what strongSwan said. */
  String dialWith(byte[] zip, String certificate, String key) {
    machine.copyFileToContainer(Transferable.of(zip), ZIP);
    machine.copyFileToContainer(Transferable.of(certificate), "/vpn/own.pem");
    machine.copyFileToContainer(Transferable.of(key), "/vpn/own.key");
    return exec(
            "sh",
            "-c",
            "cd /vpn && rm -rf package && unzip -q package.zip -d package"
                + " && mkdir -p package/strongSwan/x509 package/strongSwan/private"
                + " && cp own.pem package/strongSwan/x509/client.pem"
                + " && cp own.key package/strongSwan/private/client.pem"
                + " && export SWANCTL_DIR=/vpn/package/strongSwan && swanctl --load-all --clear"
                + " && swanctl --initiate --child net --timeout 30 2>&1")
        .getStdout();
  }

  /** The same, and sees that the tunnel is up. */
  StrongSwanClient connectWith(byte[] zip, String certificate, String key) {
    return up(dialWith(zip, certificate, key));
  }

  /** Dials and sees that the tunnel is up. */
  public StrongSwanClient connect(byte[] zip) {
    return up(dial(zip));
  }

  /**
   * Dials another server than the package names, for what is behind that.
   *
   * @param address the server's
   * @param target what shall go through the tunnel
   */
  public StrongSwanClient connectElsewhere(byte[] zip, String address, String target) {
    dial(zip);
    hangUp();
    return up(
        exec(
                "sh",
                "-c",
                "cd /vpn/package/strongSwan && sed -i \"s|remote_addrs = .*|remote_addrs = $1|;"
                    + " s|remote_ts = .*|remote_ts = $2|\" swanctl.conf && export SWANCTL_DIR=$PWD"
                    + " && swanctl --load-all --clear && swanctl --initiate --child net --timeout 30"
                    + " 2>&1",
                "sh",
                address,
                target)
            .getStdout());
  }

  /** Logs in and sees that the tunnel is up. */
  StrongSwanClient connectAs(byte[] zip, String user, String password) {
    return up(dialAs(zip, user, password));
  }

  private StrongSwanClient up(String said) {
    if (!said.contains("initiate completed successfully")) {
      throw new AssertionError("the client's tunnel did not come up:\n" + said + log());
    }
    return this;
  }

  /** What its IKE SAs are, as swanctl lists them. */
  String connections() {
    return run("swanctl", "--list-sas");
  }

  void awaitDisconnected() {
    Awaitility.await("the client has been let go")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> !connections().contains("ESTABLISHED"));
  }

  public void hangUp() {
    exec(
        "sh",
        "-c",
        "for ike in $(swanctl --list-sas | sed -n 's/^\\([^ ]*\\): #.*/\\1/p' | sort -u);"
            + " do swanctl --terminate --ike $ike --force --timeout 3; done; true");
  }

  /** What strongSwan wrote. */
  String log() {
    return machine.getLogs();
  }

  @Override
  public String run(String... words) {
    return new ContainerShell(machine).run(words);
  }

  private Container.ExecResult exec(String... words) {
    return new ContainerShell(machine).exec(words);
  }

  @Override
  public void close() {
    machine.stop();
  }
}

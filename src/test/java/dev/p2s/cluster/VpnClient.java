package dev.p2s.cluster;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * A person's machine outside the cluster: a container on the engine's network with Debian's stock
 * OpenVPN, which knows nothing of the gateway but the package that it is given.
 */
public final class VpnClient implements AutoCloseable {

  public static final String IMAGE = "p2s.test/client:local";

  private static final String CONFIGURATION = "/vpn/vpnconfig.ovpn";

  private final GenericContainer<?> machine;

  public VpnClient() {
    Command.of("hack/base-image").run(Duration.ofMinutes(10)).required();
    Command.of("hack/build-image", IMAGE, "images/client").run(Duration.ofMinutes(10)).required();
    machine =
        new GenericContainer<>(DockerImageName.parse(IMAGE))
            .withLabels(EngineContainers.ofThisRun())
            .withCreateContainerCmdModifier(
                create ->
                    create
                        .getHostConfig()
                        .withCapAdd(Capability.NET_ADMIN)
                        .withDevices(Device.parse("/dev/net/tun")))
            .withCommand("sleep", "infinity");
    machine.start();
  }

  /** Starts OpenVPN with a configuration, as it is, in the background. */
  public void dial(String ovpn) {
    machine.copyFileToContainer(
        Transferable.of(ovpn.getBytes(StandardCharsets.UTF_8)), CONFIGURATION);
    run(
        "sh",
        "-c",
        "cd /vpn && rm -f openvpn.log && (openvpn --config "
            + CONFIGURATION
            + " > console.log 2>&1 &)");
  }

  /** Dials and waits until the tunnel is up. */
  public VpnClient connect(String ovpn) {
    dial(ovpn);
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
  public String run(String... words) {
    Container.ExecResult result = exec(words);
    if (result.getExitCode() != 0) {
      throw new IllegalStateException(
          String.join(" ", words)
              + ": exit "
              + result.getExitCode()
              + "\n"
              + result.getStdout()
              + result.getStderr());
    }
    return result.getStdout();
  }

  public Container.ExecResult exec(String... words) {
    try {
      return machine.execInContainer(words);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    machine.stop();
  }
}

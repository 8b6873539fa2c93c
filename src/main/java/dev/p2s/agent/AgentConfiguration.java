package dev.p2s.agent;

import dev.p2s.addressing.Cidr;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where an agent is and which gateway it serves.
 *
 * @param gateway the P2SGateway's name
 * @param namespace the gateway's and the pod's
 * @param pod the pod's name
 * @param run the memory-backed directory that the pod's containers share
 * @param mountedState where the state Secret is mounted
 * @param serverScripts where the openvpn image has its start scripts
 * @param reportPort TCP port of the mTLS stream
 * @param node the addresses of the pod's node
 */
public record AgentConfiguration(
    String gateway,
    String namespace,
    String pod,
    Path run,
    Path mountedState,
    Path serverScripts,
    int reportPort,
    List<Cidr> node) {

  private static final Pattern ORDINAL = Pattern.compile(".*-([0-9]{1,4})");

  /**
   * Reads {@code P2S_GATEWAY}, {@code POD_NAMESPACE}, {@code POD_NAME}, {@code P2S_NODE_ADDRESSES}
   * (with commas between them) and, where they differ from the pod's layout, {@code P2S_RUN_DIR},
   * {@code P2S_STATE_DIR} and {@code P2S_SERVER_SCRIPTS}.
   *
   * @throws IllegalStateException where one is missing; the message names it
   */
  public static AgentConfiguration of(Map<String, String> environment) {
    return new AgentConfiguration(
        required(environment, "P2S_GATEWAY"),
        required(environment, "POD_NAMESPACE"),
        required(environment, "POD_NAME"),
        Path.of(environment.getOrDefault("P2S_RUN_DIR", "/run/p2s")),
        Path.of(environment.getOrDefault("P2S_STATE_DIR", "/etc/p2s/state")),
        Path.of(environment.getOrDefault("P2S_SERVER_SCRIPTS", "/usr/lib/p2s/openvpn")),
        9443,
        Stream.of(environment.getOrDefault("P2S_NODE_ADDRESSES", "").split(","))
            .filter(address -> !address.isEmpty())
            .map(Cidr::parse)
            .toList());
  }

  /**
   * The pod's ordinal in its StatefulSet.
   *
   * @throws IllegalStateException where the pod's name ends in none
   */
  public int ordinal() {
    Matcher name = ORDINAL.matcher(pod);
    if (!name.matches()) {
      throw new IllegalStateException(
          "POD_NAME " + pod + " does not end in an ordinal, such as " + gateway + "-0");
    }
    return Integer.parseInt(name.group(1));
  }

  /** The agent's own directory, which outlives it and dies with the pod. */
  public Path own() {
    return run.resolve("agent");
  }

  private static String required(Map<String, String> environment, String name) {
    String value = environment.get(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalStateException("the agent needs the environment variable " + name);
    }
    return value;
  }
}

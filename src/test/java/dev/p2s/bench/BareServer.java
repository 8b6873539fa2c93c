package dev.p2s.bench;

import dev.p2s.cluster.Command;
import dev.p2s.cluster.TestCluster;
import dev.p2s.cluster.VpnClient;
import dev.p2s.dataplane.StateSecret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The anchor of what OpenVPN costs: Debian's openvpn alone in a container, with a gateway's keys
 * and the same ciphers, but neither agent nor cluster; the sample's web server listens beside it,
 * and iperf3 behind it.
 */
final class BareServer implements AutoCloseable {

  private static final Duration STEP = Duration.ofMinutes(1);

  /** Where its web server answers through the tunnel. */
  static final String URL = "http://172.31.248.1:8080/";

  private static final String CONFIGURATION =
      """
      server 172.31.248.0 255.255.252.0
      max-clients 1024
      connect-freq-initial 10000 1
      push "route %s"
      topology subnet
      proto tcp-server
      port 443
      dev tun
      disable-dco
      dh none
      ca /bare/roots.pem
      cert /bare/server.pem
      key /bare/server.key
      tls-auth /bare/tls-auth.key 0
      auth SHA256
      tls-version-min 1.2
      data-ciphers AES-256-GCM:AES-128-GCM
      remote-cert-eku "TLS Web Client Authentication"
      duplicate-cn
      tcp-nodelay
      verb 1
      """;

  private final String id;
  private final BareTarget target;

  BareServer(TestCluster cluster, String namespace, String gateway, String root) {
    Map<String, String> state = secret(cluster, namespace, StateSecret.nameFor(gateway));
    Map<String, String> files = new LinkedHashMap<>();
    files.put("roots.pem", secret(cluster, namespace, root + "-key").get("tls.crt"));
    files.put("server.pem", state.get(StateSecret.SERVER_RSA_CERTIFICATE));
    files.put("server.key", state.get(StateSecret.SERVER_RSA_KEY));
    files.put("tls-auth.key", state.get(StateSecret.TLS_AUTH_KEY));
    id = BareTarget.container(VpnClient.IMAGE, "sleep", "infinity");
    target = new BareTarget(address(), "172.31.248.0/22");
    files.put("server.conf", CONFIGURATION.formatted(target.address()));
    BareTarget.docker("exec", id, "mkdir", "/bare");
    files.forEach(
        (name, text) ->
            Command.of("docker", "exec", "-i", id, "sh", "-c", "cat > /bare/" + name)
                .run(STEP, text.getBytes(StandardCharsets.UTF_8))
                .required());
    Command.of(
            "bash",
            "-c",
            "set -e; echo=$(docker create \"$0\"); docker cp -q $echo:/echo - | docker cp -q - \"$1\":/bare;"
                + " docker rm $echo",
            TestCluster.ECHO_IMAGE,
            id)
        .run(STEP)
        .required();
    BareTarget.docker("exec", "-d", id, "/bare/echo");
    BareTarget.docker(
        "exec", "-d", id, "sh", "-c", "openvpn --config /bare/server.conf > /bare/log 2>&1");
  }

  /** The address that a client dials. */
  String address() {
    return BareTarget.addressOf(id);
  }

  /** The address behind it where iperf3 listens. */
  String target() {
    return target.address();
  }

  /** Milliseconds of processor time that its openvpn has used. */
  long processorTime() {
    return Long.parseLong(
        BareTarget.docker("exec", id, "sh", "-c", ProcessorTime.of("/bare/server.conf")).strip());
  }

  @Override
  public void close() {
    target.close();
    BareTarget.docker("rm", "-f", id);
  }

  static Map<String, String> secret(TestCluster cluster, String namespace, String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    cluster
        .client()
        .secrets()
        .inNamespace(namespace)
        .withName(name)
        .get()
        .getData()
        .forEach(
            (key, value) ->
                texts.put(
                    key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
    return texts;
  }
}

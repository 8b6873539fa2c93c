package dev.p2s.bench;

import dev.p2s.cluster.Installation;
import dev.p2s.cluster.TestCluster;
import dev.p2s.cluster.VpnClient;
import dev.p2s.dataplane.StateSecret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The anchor of what OpenVPN costs: Debian's openvpn alone in a pod, with a gateway's keys and the
 * same ciphers, but with no agent and no rule other than to masquerade. What it is dialled by and
 * what is behind it are a gateway's too, so that the way costs the same.
 */
final class BareServer implements AutoCloseable {

  private static final String NAME = "bare";

  /** The node's; 443 is the gateway's. */
  private static final int PORT = 1443;

  private static final String SERVER = "/bare/server.conf";

  private static final String CONFIGURATION =
      """
      server 172.31.248.0 255.255.252.0
      max-clients 1024
      connect-freq-initial 10000 1
      push "route %s"
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

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: bare, namespace: %1$s}
      spec:
        initContainers:
          - name: masquerade
            image: %2$s
            imagePullPolicy: IfNotPresent
            command:
              - nft
              - >-
                add table ip bare;
                add chain ip bare out { type nat hook postrouting priority 100; };
                add rule ip bare out oifname "eth0" masquerade
            securityContext: {runAsUser: 0, capabilities: {add: [NET_ADMIN]}}
        containers:
          - name: openvpn
            image: %3$s
            imagePullPolicy: IfNotPresent
            command: [openvpn, --config, %4$s]
            ports: [{containerPort: 443, hostPort: %5$d}]
            securityContext: {capabilities: {add: [NET_ADMIN]}}
            volumeMounts:
              - {name: files, mountPath: /bare}
              - {name: tun, mountPath: /dev/net/tun}
        terminationGracePeriodSeconds: 1
        volumes:
          - {name: files, secret: {secretName: bare}}
          - {name: tun, hostPath: {path: /dev/net/tun, type: CharDevice}}
      """;

  private final TestCluster cluster;
  private final String namespace;

  /**
   * @param target an address behind it that its clients shall reach
   * @param otherTarget another one
   */
  BareServer(
      TestCluster cluster,
      String namespace,
      String gateway,
      String root,
      String target,
      String otherTarget) {
    this.cluster = cluster;
    this.namespace = namespace;
    Map<String, String> state = secret(cluster, namespace, StateSecret.nameFor(gateway));
    Map<String, String> files = new LinkedHashMap<>();
    files.put("roots.pem", secret(cluster, namespace, root + "-key").get("tls.crt"));
    files.put("server.pem", state.get(StateSecret.SERVER_RSA_CERTIFICATE));
    files.put("server.key", state.get(StateSecret.SERVER_RSA_KEY));
    files.put("tls-auth.key", state.get(StateSecret.TLS_AUTH_KEY));
    files.put("server.conf", CONFIGURATION.formatted(target, otherTarget));
    cluster
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(NAME)
                .withNamespace(namespace)
                .endMetadata()
                .withStringData(files)
                .build())
        .serverSideApply();
    cluster.load(VpnClient.IMAGE);
    new Installation(cluster)
        .applyText(
            POD.formatted(namespace, Installation.OPERATOR_IMAGE, VpnClient.IMAGE, SERVER, PORT));
    cluster.awaitPod(namespace, NAME);
  }

  /** A gateway's package, but for where it dials. */
  String dialledBy(String ovpn) {
    return ovpn.replaceAll("(?m)^remote .*$", "remote " + cluster.nodeAddress() + " " + PORT);
  }

  /** Milliseconds of processor time that its openvpn has used. */
  long processorTime() {
    return ProcessorTime.onNode(cluster, SERVER);
  }

  @Override
  public void close() {
    cluster.kubectl("delete", "pod/" + NAME, "secret/" + NAME, "-n", namespace);
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

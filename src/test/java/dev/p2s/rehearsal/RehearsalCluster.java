package dev.p2s.rehearsal;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What the operator meets when its image is made: a cluster that is none, with a few gateways and
 * profiles that come and are touched again, so that the JVM learns what a start has to do. Prints
 * {@code port N} when it listens and {@code played} when nothing is left to do.
 */
public final class RehearsalCluster {

  private static final int GATEWAYS = 6;
  private static final int PROFILES = 8;
  private static final int ROUNDS = 8;

  /** Milliseconds for a round of reconciliations that find everything done. */
  private static final long ROUND = 1_000;

  private static final String NAMESPACE = "rehearsal";

  private final KubernetesSerialization texts = new KubernetesSerialization();
  private final ObjectMapper json = new ObjectMapper();
  private final RehearsalStore store = new RehearsalStore();

  private RehearsalCluster() {}

  /**
   * @param arguments the file to write the CA of the API server's certificate to
   */
  public static void main(String[] arguments) throws InterruptedException, IOException {
    new RehearsalCluster().play(Path.of(arguments[0]));
  }

  private void play(Path authority) throws InterruptedException, IOException {
    RehearsalApi api = new RehearsalApi(Vertx.vertx(), store);
    Files.writeString(authority, api.authorityPem());
    surroundings(api.authorityPem());
    fleet();
    api.listen().onSuccess(server -> System.out.println("port " + server.actualPort()));
    await(() -> ready() == GATEWAYS * PROFILES);
    for (int round = 0; round < ROUNDS; round++) {
      touch(round);
      TimeUnit.MILLISECONDS.sleep(ROUND);
    }
    System.out.println("played");
    Thread.currentThread().join();
  }

  private void surroundings(String authority) {
    keep(
        "/api/v1/namespaces",
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: rehearsal}
        """);
    keep(
        "/api/v1/nodes",
        """
        apiVersion: v1
        kind: Node
        metadata: {name: node, labels: {topology.kubernetes.io/zone: a}}
        spec: {podCIDRs: [10.244.0.0/24]}
        status: {addresses: [{type: InternalIP, address: 192.0.2.1}]}
        """);
    keep(
        "/apis/networking.k8s.io/v1/servicecidrs",
        """
        apiVersion: networking.k8s.io/v1
        kind: ServiceCIDR
        metadata: {name: kubernetes}
        spec: {cidrs: [10.96.0.0/12]}
        """);
    ObjectNode proxy = json.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
    proxy.putObject("metadata").put("name", "extension-apiserver-authentication");
    proxy.putObject("data").put("requestheader-client-ca-file", authority);
    store.put(
        RehearsalPath.of(
                "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication")
            .orElseThrow(),
        proxy);
  }

  private void fleet() {
    for (int gateway = 0; gateway < GATEWAYS; gateway++) {
      keep(
          p2s("p2sgateways"),
          """
          apiVersion: p2s.dev/v1alpha1
          kind: P2SGateway
          metadata: {name: g%1$d, namespace: rehearsal}
          spec:
            clientAddressPools: [172.20.%1$d.0/24]
            exposure: {type: ClusterIP}
            scaling: {replicas: 1}
          """
              .formatted(gateway));
      keep(
          p2s("rootcertificates"),
          """
          apiVersion: p2s.dev/v1alpha1
          kind: RootCertificate
          metadata: {name: g%1$d-root, namespace: rehearsal}
          spec: {gatewayRef: {name: g%1$d}, selfSigned: {commonName: g%1$d}}
          """
              .formatted(gateway));
      for (int profile = 0; profile < PROFILES; profile++) {
        keep(
            p2s("clientprofiles"),
            """
            apiVersion: p2s.dev/v1alpha1
            kind: ClientProfile
            metadata: {name: g%1$d-p%2$d, namespace: rehearsal}
            spec:
              gatewayRef: {name: g%1$d}
              user: person%2$d@example.com
            """
                .formatted(gateway, profile));
      }
    }
  }

  /** Wakes the reconcilers of everything; nothing of it has changed for them. */
  private void touch(int round) {
    ObjectNode patch = json.createObjectNode();
    patch.putObject("metadata").putObject("annotations").put("rehearsal", "round " + round);
    store
        .list((path, object) -> path.group().equals("/apis/p2s.dev/v1alpha1"))
        .forEach(object -> store.merge(path(object), patch));
  }

  private long ready() {
    return store
        .list(
            (path, object) ->
                path.resource().equals("clientprofiles")
                    && object.at("/status/conditions").toString().contains("\"Ready\"")
                    && object.at("/status/secretName").isTextual())
        .size();
  }

  private static RehearsalPath path(ObjectNode object) {
    String plural =
        switch (object.path("kind").asText()) {
          case "P2SGateway" -> "p2sgateways";
          case "RootCertificate" -> "rootcertificates";
          default -> "clientprofiles";
        };
    return RehearsalPath.of(p2s(plural) + "/" + object.at("/metadata/name").asText()).orElseThrow();
  }

  private static String p2s(String plural) {
    return "/apis/p2s.dev/v1alpha1/namespaces/" + NAMESPACE + "/" + plural;
  }

  private void keep(String list, String text) {
    ObjectNode object = texts.unmarshal(text, ObjectNode.class);
    store.put(
        RehearsalPath.of(list).orElseThrow().named(object.at("/metadata/name").asText()), object);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }
}

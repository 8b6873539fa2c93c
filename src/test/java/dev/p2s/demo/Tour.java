package dev.p2s.demo;

import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.cluster.Command;
import dev.p2s.cluster.Installation;
import dev.p2s.cluster.TestCluster;
import dev.p2s.cluster.VpnClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The first whole path, from no cluster to an answer through the tunnel, as README tells it. */
final class Tour {

  private static final String NAMESPACE = "vpn";
  private static final String GATEWAY = "office";
  private static final String PERSON = "alice";
  private static final String SERVICE = "http://echo.vpn.svc.cluster.local";

  private final String name;
  private TestCluster cluster;
  private Installation installation;
  private byte[] zip;
  private VpnClient client;

  /**
   * @param name the kept cluster that it leads to
   */
  Tour(String name) {
    this.name = name;
  }

  void go(Journal journal) {
    journal.step("the node's image is there", TestCluster::nodeImage);
    journal.step("kubectl and helm are there", TestCluster::tools);
    journal.step("the cluster is up", this::cluster);
    journal.step("the chart is installed", this::chart);
    journal.step("the samples are applied", this::samples);
    journal.step("the gateway is Ready", this::gateway);
    journal.step("the package is fetched", this::fetch);
    journal.step("a stock client connects", this::connect);
    journal.step("it pings a Pod", this::ping);
    journal.step("it asks a Service by name", this::ask);
    cluster.close();
  }

  /** How to go on from here, for a person. */
  String lookAround() {
    String machine = machine();
    return """
    Look around:
      export KUBECONFIG=%s PATH=%s:$PATH
      kubectl get p2sgateways,rootcertificates,clientprofiles -n vpn
      kubectl get pods -A
      docker exec %s curl -s %s
      docker exec -it %s bash                   # the person's machine, outside the cluster
      kubectl delete clientprofile alice -n vpn   # revoked: no packet of hers passes from now on
    """
        .formatted(cluster.kubeconfig(), TestCluster.tools(), machine, SERVICE, machine);
  }

  private String cluster() {
    cluster = TestCluster.start(name, true);
    installation = new Installation(cluster);
    var node = cluster.client().nodes().list().getItems().getFirst();
    return "Kubernetes "
        + node.getStatus().getNodeInfo().getKubeletVersion()
        + ", node "
        + node.getMetadata().getName()
        + " at "
        + cluster.nodeAddress();
  }

  private String chart() {
    installation.install();
    return "operator ready in namespace " + Installation.NAMESPACE;
  }

  private String samples() {
    installation.apply("samples/namespace.yaml");
    installation.apply("samples/workload.yaml");
    installation.apply("samples/office.yaml");
    return "gateway office, root office-root, profile alice, workload echo";
  }

  private String gateway() {
    P2SGateway gateway = installation.awaitReady(NAMESPACE, GATEWAY);
    var endpoint = gateway.getStatus().endpoint();
    return "clients dial " + endpoint.address() + " port " + endpoint.port();
  }

  /** As the profile's status says it, in a shell. */
  private String fetch() throws IOException {
    String command = installation.awaitPackage(NAMESPACE, PERSON).getStatus().fetch();
    Path folder = Files.createTempDirectory("p2s-demo");
    Path file = folder.resolve(PERSON + ".zip");
    try {
      Command.of("bash", "-c", "cd \"$0\" && eval \"$1\"", folder.toString(), command)
          .with("KUBECONFIG", cluster.kubeconfig().toString())
          .with("PATH", TestCluster.tools() + ":" + System.getenv("PATH"))
          .run(Duration.ofMinutes(1))
          .required();
      zip = Files.readAllBytes(file);
      return file.getFileName() + ", " + zip.length + " bytes, by the command in its status";
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  private String connect() {
    client = VpnClient.kept(machine(), name);
    client.connectWithPackage(zip);
    return client.run("sh", "-c", "openvpn --version | cut -d' ' -f1,2 | head -n 1").strip()
        + " outside the cluster, address "
        + client.tunnelAddress();
  }

  private String ping() {
    cluster.kubectl("rollout", "status", "deployment/echo", "-n", NAMESPACE, "--timeout=60s");
    String pod =
        cluster.kubectl(
            "get",
            "pod",
            "-n",
            NAMESPACE,
            "-l",
            "app=echo",
            "-o",
            "jsonpath={.items[0].status.podIP}");
    List<String> lines = client.run("ping", "-c", "3", "-W", "2", pod).lines().toList();
    String summary =
        lines.stream().filter(line -> line.contains("transmitted")).findFirst().orElseThrow();
    if (!summary.contains(" 0% packet loss")) {
      throw new IllegalStateException(pod + ": " + summary);
    }
    return "3 of 3 answered by "
        + pod
        + lines.getLast().replaceAll(".*= [0-9.]+/([0-9.]+)/.*", ", $1 ms");
  }

  private String ask() {
    String answer = client.run("curl", "-sS", "-m", "10", SERVICE).strip();
    if (!answer.startsWith("pod=echo")) {
      throw new IllegalStateException(SERVICE + " answered: " + answer);
    }
    return SERVICE + ": " + answer;
  }

  private String machine() {
    return "p2s-" + name + "-client";
  }
}

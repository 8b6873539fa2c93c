package dev.p2s.cluster;

import dev.p2s.api.v1alpha1.ClientProfile;
import dev.p2s.api.v1alpha1.P2SGateway;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.awaitility.Awaitility;

/** The operator as the chart installs it into a cluster, and what a person does with it. */
public final class Installation {

  /** The images' tag; worktrees that share an engine name one each. */
  public static final String TAG = System.getenv().getOrDefault("P2S_IMAGE_TAG", "dev");

  public static final String OPERATOR_IMAGE = "p2s.dev/operator:" + TAG;
  public static final String OPENVPN_IMAGE = "p2s.dev/openvpn:" + TAG;
  public static final String STRONGSWAN_IMAGE = "p2s.dev/strongswan:" + TAG;
  public static final String NAMESPACE = "p2s-system";
  public static final String RELEASE = "p2s";

  private static final Duration SOON = Duration.ofSeconds(90);

  private final TestCluster cluster;

  public Installation(TestCluster cluster) {
    this.cluster = cluster;
  }

  /** Brings the images and installs the chart; waits for the operator. */
  public Installation install() {
    cluster.load(OPERATOR_IMAGE, OPENVPN_IMAGE, STRONGSWAN_IMAGE);
    Progress.say("helm install %s", RELEASE);
    cluster.namespace(NAMESPACE, "restricted");
    helmUpgrade();
    return this;
  }

  /** Installs or upgrades, as a person does it. */
  public void helmUpgrade(String... more) {
    List<String> words =
        new java.util.ArrayList<>(
            List.of(
                "upgrade",
                "--install",
                RELEASE,
                "helm/p2s-gateway-operator",
                "-n",
                NAMESPACE,
                "--set",
                "image.operator=" + OPERATOR_IMAGE,
                "--set",
                "image.openvpn=" + OPENVPN_IMAGE,
                "--set",
                "image.strongswan=" + STRONGSWAN_IMAGE,
                "--wait",
                "--timeout",
                "90s"));
    words.addAll(List.of(more));
    cluster.helm(words.toArray(String[]::new));
  }

  /** How many sessions a gateway's pod holds; none where it comes or goes and cannot be asked. */
  int sessionsAt(String namespace, String pod) {
    Command.Result listed =
        cluster.tool(
            "kubectl",
            "-n",
            namespace,
            "exec",
            pod,
            "-c",
            "netd",
            "--",
            "ls",
            "/run/p2s/agent/sessions");
    if (listed.exitCode() != 0 && !stays(namespace, pod)) {
      return 0;
    }
    return (int) listed.required().lines().filter(name -> name.endsWith(".json")).count();
  }

  /** The address of the sample workload's Service. */
  public String echoService(String namespace) {
    return cluster
        .client()
        .services()
        .inNamespace(namespace)
        .withName("echo")
        .get()
        .getSpec()
        .getClusterIP();
  }

  private boolean stays(String namespace, String name) {
    Pod pod = cluster.client().pods().inNamespace(namespace).withName(name).get();
    return pod != null
        && pod.getMetadata().getDeletionTimestamp() == null
        && Readiness.isPodReady(pod);
  }

  public void apply(String file) {
    cluster.kubectl("apply", "-f", file);
  }

  /** Applies manifests. */
  public void applyText(String manifests) {
    cluster
        .client()
        .load(new ByteArrayInputStream(manifests.getBytes(StandardCharsets.UTF_8)))
        .serverSideApply();
  }

  /** Waits for a gateway to be Ready and Programmed; prints what it knows where it is not. */
  public P2SGateway awaitReady(String namespace, String name) {
    await(
        "gateway " + name + " Ready",
        namespace,
        () -> {
          P2SGateway gateway = gateway(namespace, name);
          return holds(conditions(gateway), "Ready") && holds(conditions(gateway), "Programmed");
        });
    return gateway(namespace, name);
  }

  /** Waits until the newest spec of a gateway is what its pods go by. */
  public void awaitProgrammed(String namespace, String name) {
    await(
        "gateway " + name + " as it was edited",
        namespace,
        () -> {
          P2SGateway gateway = gateway(namespace, name);
          return gateway
              .getMetadata()
              .getGeneration()
              .equals(gateway.getStatus().programmedGeneration());
        });
  }

  public ClientProfile awaitPackage(String namespace, String name) {
    await(
        "package of " + name,
        namespace,
        () -> {
          ClientProfile profile = profile(namespace, name);
          return profile != null
              && profile.getStatus() != null
              && holds(profile.getStatus().conditions(), "Ready");
        });
    return profile(namespace, name);
  }

  /** The OpenVPN configuration of a profile's package, as it is handed out. */
  public String ovpn(String namespace, String profile) {
    return new String(
        handedOut(namespace, profile, "OpenVPN_vpnconfig.ovpn"), StandardCharsets.UTF_8);
  }

  /** A profile's package, as soon as it is the one that its spec asks for. */
  byte[] zip(String namespace, String profile) {
    return handedOut(namespace, profile, "package.zip");
  }

  private byte[] handedOut(String namespace, String profile, String key) {
    awaitPackage(namespace, profile);
    String encoded =
        cluster
            .client()
            .secrets()
            .inNamespace(namespace)
            .withName(profile + "-vpn")
            .get()
            .getData()
            .get(key);
    return Base64.getDecoder().decode(encoded);
  }

  public P2SGateway gateway(String namespace, String name) {
    return cluster.client().resources(P2SGateway.class).inNamespace(namespace).withName(name).get();
  }

  public ClientProfile profile(String namespace, String name) {
    return cluster
        .client()
        .resources(ClientProfile.class)
        .inNamespace(namespace)
        .withName(name)
        .get();
  }

  /** Waits with the diagnosis of a namespace as the failure's text. */
  public void await(
      String what, String namespace, java.util.concurrent.Callable<Boolean> condition) {
    try {
      Awaitility.await(what).atMost(SOON).pollInterval(Duration.ofMillis(200)).until(condition);
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      throw new AssertionError(
          what
              + " did not come within "
              + SOON
              + "\n"
              + cluster.diagnose(namespace)
              + cluster
                  .tool(
                      "kubectl",
                      "logs",
                      "-n",
                      NAMESPACE,
                      "--tail=80",
                      "-l",
                      "app.kubernetes.io/name=p2s-gateway-operator")
                  .output()
              // once more where a report is cut off at its head
              + what
              + " did not come: "
              + cluster
                  .tool("kubectl", "get", "pods,p2sgateways,clientprofiles", "-n", namespace)
                  .output()
              + gateways(namespace),
          e);
    }
  }

  private String gateways(String namespace) {
    StringBuilder out = new StringBuilder();
    for (P2SGateway gateway :
        cluster.client().resources(P2SGateway.class).inNamespace(namespace).list().getItems()) {
      out.append(gateway.getMetadata().getName()).append(":\n");
      conditions(gateway)
          .forEach(
              condition ->
                  out.append(
                      "  %s=%s since %s: %s\n"
                          .formatted(
                              condition.getType(),
                              condition.getStatus(),
                              condition.getLastTransitionTime(),
                              condition.getMessage())));
    }
    return out.toString();
  }

  static List<Condition> conditions(P2SGateway gateway) {
    return gateway == null
            || gateway.getStatus() == null
            || gateway.getStatus().conditions() == null
        ? List.of()
        : gateway.getStatus().conditions();
  }

  public static boolean holds(List<Condition> conditions, String type) {
    return conditions.stream()
        .anyMatch(c -> c.getType().equals(type) && c.getStatus().equals("True"));
  }
}

package dev.p2s.cluster;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** All that a gateway and the operator write where somebody may read it. */
final class WrittenTexts {

  private static final Pattern KEY =
      Pattern.compile(
          "-----BEGIN (?:[A-Z ]*PRIVATE KEY|OpenVPN Static key V1)-----\n([^-]+)-----END");
  private static final int LONG_ENOUGH = 32;

  private WrittenTexts() {}

  /**
   * Lines of all private keys and static keys that a namespace's Secrets hold: none of them may be
   * written anywhere else.
   */
  static List<String> keys(TestCluster cluster, String namespace) {
    return cluster.client().secrets().inNamespace(namespace).list().getItems().stream()
        .flatMap(secret -> secret.getData().values().stream())
        .map(value -> new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8))
        .flatMap(text -> KEY.matcher(text).results())
        .map(MatchResult::group)
        .flatMap(String::lines)
        .filter(line -> line.length() >= LONG_ENOUGH && !line.startsWith("-----"))
        .distinct()
        .toList();
  }

  /** Logs of every container, objects but Secrets, events and meters. */
  static String of(TestCluster cluster, String namespace, String pod) {
    return cluster.kubectl("-n", namespace, "logs", pod, "--all-containers", "--prefix")
        + cluster.kubectl(
            "-n",
            Installation.NAMESPACE,
            "logs",
            "-l",
            "app.kubernetes.io/name=p2s-gateway-operator",
            "--tail=-1")
        + cluster.kubectl(
            "-n",
            namespace,
            "get",
            "p2sgateways,clientprofiles,events,pods,statefulsets,services,configmaps",
            "-o",
            "yaml")
        + cluster.kubectl(
            "get",
            "--raw",
            "/api/v1/namespaces/" + namespace + "/pods/" + pod + ":8080/proxy/q/metrics");
  }
}

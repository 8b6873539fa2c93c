package dev.p2s.cluster;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes as the API server counts them, and reconciliations as the operator does. */
final class ApiCounts {

  /**
   * The objects that the operator writes; nobody else writes these but the statefulset's status.
   */
  static final String OBJECTS =
      "p2sgateways|rootcertificates|clientprofiles|secrets|services|serviceaccounts|roles"
          + "|rolebindings|networkpolicies|poddisruptionbudgets|statefulsets";

  /** These and what it tells. */
  static final String EVERYTHING = OBJECTS + "|events";

  private static final Pattern WRITES =
      Pattern.compile(
          "^apiserver_request_total\\{(.*verb=\"(?:POST|PUT|PATCH|APPLY|DELETE)\".*)} (\\S+)$",
          Pattern.MULTILINE);

  private static final String[] NAMESPACES = {
    "get",
    "namespaces",
    "-o",
    "go-template={{range .items}}{{if .metadata.deletionTimestamp}}ending {{end}}{{end}}"
  };

  private final TestCluster cluster;
  private final Pattern resources;

  /**
   * @param resources the kinds whose writes count, in plural, with | between them
   */
  ApiCounts(TestCluster cluster, String resources) {
    this.cluster = cluster;
    this.resources = Pattern.compile("resource=\"(" + resources + ")\"");
  }

  /** The counters, once no namespace is being taken away and none has moved for two seconds. */
  Map<String, Double> whenQuiet() {
    // what is in one that ends is deleted by and by, with pauses
    Office.await("no namespace that ends", () -> !cluster.kubectl(NAMESPACES).contains("ending"));
    AtomicReference<Map<String, Double>> last = new AtomicReference<>(writes());
    Office.await(
        "no write for a while",
        () -> {
          TimeUnit.SECONDS.sleep(2);
          return writes().equals(last.getAndSet(writes()));
        });
    return last.get();
  }

  /** What was written since then, once it is quiet again; nothing where nothing was. */
  Map<String, Double> writtenSince(Map<String, Double> before) {
    Map<String, Double> written = new TreeMap<>(whenQuiet());
    written.replaceAll((what, times) -> times - before.getOrDefault(what, 0.0));
    written.values().removeIf(times -> times == 0);
    return written;
  }

  /** How often a controller has run. */
  double reconciliations(String controller) {
    String metrics =
        cluster.kubectl(
            "get",
            "--raw",
            "/api/v1/namespaces/"
                + Installation.NAMESPACE
                + "/services/"
                + Installation.RELEASE
                + "-metrics:8080/proxy/q/metrics");
    return metrics
        .lines()
        .filter(
            line ->
                line.contains(controller) && line.contains("success") && line.contains("_total"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** The counters as they are. */
  Map<String, Double> now() {
    return writes();
  }

  private Map<String, Double> writes() {
    Matcher matcher = WRITES.matcher(cluster.kubectl("get", "--raw", "/metrics"));
    Map<String, Double> writes = new TreeMap<>();
    while (matcher.find()) {
      String labels = matcher.group(1);
      boolean ours =
          resources.matcher(labels).find()
              && !labels.contains(
                  "resource=\"statefulsets\",scope=\"resource\",subresource=\"status\"")
              // what the kubelet asks for a pod
              && !labels.contains("subresource=\"token\"");
      if (ours) {
        writes.merge(labels, Double.valueOf(matcher.group(2)), Double::sum);
      }
    }
    return writes;
  }
}

package dev.p2s.clusterapi;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * {@code external.metrics.k8s.io/v1beta1}: connections of a gateway over all its pods, by which its
 * autoscaler goes. A gateway of which a pod is not heard has no figure, so that nobody scales by
 * half of the truth.
 */
final class ConnectionMetrics implements AggregatedGroup {

  static final String GROUP = "external.metrics.k8s.io";
  static final String VERSION = "v1beta1";
  static final String METRIC = "p2s_gateway_connections";

  /** The metric's label that names the gateway. */
  static final String GATEWAY = "gateway";

  private static final String LIST = "ExternalMetricValueList";

  private final SessionFeed feed;
  private final Clock clock;

  ConnectionMetrics(SessionFeed feed, Clock clock) {
    this.feed = feed;
    this.clock = clock;
  }

  @Override
  public String group() {
    return GROUP;
  }

  @Override
  public String version() {
    return VERSION;
  }

  @Override
  public List<Map<String, Object>> resources() {
    return List.of(
        Map.of(
            "name",
            METRIC,
            "singularName",
            "",
            "namespaced",
            true,
            "kind",
            LIST,
            "verbs",
            List.of("get")));
  }

  @Override
  public OpenApi openApi() {
    return new OpenApi(Map.of(), Map.of());
  }

  @Override
  public Answer answer(ApiCall call, Wish wish) {
    if (!call.resource().equals(METRIC) || call.namespace().isEmpty() || !call.name().isEmpty()) {
      throw ApiFailure.notFound("there is " + METRIC + " of a namespace and nothing else");
    }
    if (call.verb() != ApiCall.Verb.LIST) {
      throw ApiFailure.methodNotAllowed("metrics can be read only");
    }
    Requirements labels = Requirements.ofLabels(call.parameter("labelSelector"));
    List<Map<String, Object>> items =
        feed.gateways().stream()
            .filter(gateway -> gateway.getNamespace().orElse("").equals(call.namespace()))
            .filter(gateway -> labels.hold(Map.of(GATEWAY, gateway.getName())))
            .sorted(SessionObjects.BY_NAME)
            .flatMap(gateway -> value(gateway, feed.connections(gateway)).stream())
            .toList();
    return Answer.ok(
        Map.of(
            "kind",
            LIST,
            "apiVersion",
            GROUP + "/" + VERSION,
            "metadata",
            Map.of(),
            "items",
            items));
  }

  private List<Map<String, Object>> value(ResourceID gateway, OptionalInt connections) {
    return connections.isEmpty()
        ? List.of()
        : List.of(
            Map.of(
                "metricName",
                METRIC,
                "metricLabels",
                Map.of(GATEWAY, gateway.getName()),
                "timestamp",
                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
                "value",
                Integer.toString(connections.getAsInt())));
  }
}

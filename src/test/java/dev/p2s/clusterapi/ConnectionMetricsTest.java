package dev.p2s.clusterapi;

import static dev.p2s.clusterapi.Reports.NOON;
import static dev.p2s.clusterapi.Reports.OFFICE;
import static dev.p2s.clusterapi.Reports.pod;
import static dev.p2s.clusterapi.Reports.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionMetricsTest {

  private static final String GROUP = "/apis/external.metrics.k8s.io/v1beta1";
  private static final String METRIC = GROUP + "/namespaces/vpn/p2s_gateway_connections";

  private final Clock clock = Clock.fixed(NOON, ZoneOffset.UTC);
  private final SessionFeed feed = new SessionFeed(clock);
  private final ConnectionMetrics metrics = new ConnectionMetrics(feed, clock);

  @BeforeEach
  void twoGateways() {
    feed.heard(OFFICE, pod(session(1, "alice"), session(2, "bob")));
    feed.heard(new ResourceID("lab", "vpn"), pod());
    feed.heard(new ResourceID("office", "elsewhere"), pod(session(3, "eve")));
  }

  @Test
  void givenAnAutoscaler_whenItAsksForAGateway_thenItHearsOneFigure() {
    JsonNode list = items("labelSelector=gateway%3Doffice");
    assertThat(list).hasSize(1);
    assertThat(list.path(0).path("value").asText()).isEqualTo("2");
    assertThat(list.path(0).path("metricName").asText()).isEqualTo("p2s_gateway_connections");
    assertThat(list.path(0).path("metricLabels").path("gateway").asText()).isEqualTo("office");
    assertThat(list.path(0).path("timestamp").asText()).isEqualTo("2026-11-23T12:00:00Z");
  }

  @Test
  void givenNobodyIsConnected_whenAsked_thenTheFigureIsZeroAndNotMissing() {
    assertThat(items("labelSelector=gateway%3Dlab").path(0).path("value").asText()).isEqualTo("0");
    assertThat(items("")).hasSize(2);
    assertThat(items("labelSelector=gateway%3Dnone")).isEmpty();
  }

  @Test
  void givenAPodThatIsNotHeard_whenAsked_thenThereIsNoFigureRatherThanHalfOfIt() {
    feed.heard(
        OFFICE,
        Map.of(
            "office-0",
            Optional.of(Reports.report(Reports.sessions(2))),
            "office-1",
            Optional.empty()));
    assertThat(items("labelSelector=gateway%3Doffice")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        GROUP + "/namespaces/vpn/other",
        GROUP + "/p2s_gateway_connections",
        METRIC + "/office",
      })
  void givenAnythingElse_whenAsked_thenThereIsNoSuchMetric(String path) {
    ApiCall call = ApiCall.parse("GET", path, "");
    assertThatThrownBy(() -> metrics.answer(call, Wish.of("", new byte[0])))
        .isInstanceOfSatisfying(
            ApiFailure.class, failure -> assertThat(failure.code()).isEqualTo(404));
  }

  private JsonNode items(String query) {
    Answer answer = metrics.answer(ApiCall.parse("GET", METRIC, query), Wish.of("", new byte[0]));
    return JsonMapper.builder()
        .build()
        .<JsonNode>valueToTree(((Answer.Document) answer).body())
        .path("items");
  }
}

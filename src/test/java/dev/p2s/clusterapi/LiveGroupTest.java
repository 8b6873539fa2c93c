package dev.p2s.clusterapi;

import static dev.p2s.clusterapi.Reports.NOON;
import static dev.p2s.clusterapi.Reports.OFFICE;
import static dev.p2s.clusterapi.Reports.id;
import static dev.p2s.clusterapi.Reports.pod;
import static dev.p2s.clusterapi.Reports.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.p2s.dataplane.RefusedAttempt;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveGroupTest {

  private static final String ACCEPT_TABLE =
      "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
  private static final FrontProxy.Caller ADA =
      new FrontProxy.Caller("ada", "", List.of(), Map.of());

  private final Clock clock = Clock.fixed(NOON, ZoneOffset.UTC);
  private final SessionFeed feed = new SessionFeed(clock);
  private final Agents agents = new Agents();
  private final LiveGroup group = new LiveGroup(feed, agents, clock);
  private final JsonMapper json = JsonMapper.builder().build();
  private final List<String> asked = new ArrayList<>();
  private boolean allowed = true;
  private final ApiRoutes routes =
      new ApiRoutes(
          List.of(group),
          (caller, call) -> {
            asked.add(caller.user() + " " + call.verb().word() + " " + call.resource());
            return allowed;
          });

  private static final class Agents implements AgentTalk {
    final List<String> disconnected = new ArrayList<>();
    List<RefusedAttempt> attempts = List.of();

    @Override
    public Map<ResourceID, List<RefusedAttempt>> attempts(Collection<ResourceID> gateways) {
      return Map.of(OFFICE, attempts);
    }

    @Override
    public boolean disconnect(SessionFeed.Place place, String session) {
      return disconnected.add(place.pod() + " " + session);
    }
  }

  @BeforeEach
  void twoSessions() {
    feed.heard(OFFICE, pod(session(1, "alice"), session(2, "bob\u001b[31m")));
    feed.heard(new ResourceID("lab", "elsewhere"), pod(session(3, "eve")));
  }

  @Test
  void givenSessions_whenListedAsObjects_thenTheyAreKubernetesObjects() {
    JsonNode list = get("/namespaces/vpn/p2ssessions", "", "application/json");

    assertThat(list.path("kind").asText()).isEqualTo("P2SSessionList");
    assertThat(list.path("items")).hasSize(2);
    JsonNode alice = list.path("items").path(0);
    assertThat(alice.path("apiVersion").asText()).isEqualTo("live.p2s.dev/v1alpha1");
    assertThat(alice.path("metadata").path("name").asText()).isEqualTo(id(1));
    assertThat(alice.path("metadata").path("namespace").asText()).isEqualTo("vpn");
    assertThat(alice.path("metadata").path("labels").path("p2s.dev/gateway").asText())
        .isEqualTo("office");
    assertThat(alice.path("user").asText()).isEqualTo("alice");
    assertThat(alice.path("bytesOut").asLong()).isEqualTo(2000);
    assertThat(alice.path("since").asText()).isEqualTo("2026-11-23T11:58:30Z");
    assertThat(list.path("items").path(1).path("user").asText())
        .as("no escape sequence reaches a terminal")
        .isEqualTo("bob?[31m");
  }

  @Test
  void givenKubectl_whenItAsksForATable_thenColumnsAndRowsFitAndWideOnesAreMarked() {
    JsonNode table = get("/namespaces/vpn/p2ssessions", "", ACCEPT_TABLE);

    assertThat(table.path("kind").asText()).isEqualTo("Table");
    List<String> columns = table.path("columnDefinitions").findValuesAsText("name");
    assertThat(columns)
        .containsExactly(
            "Name",
            "Gateway",
            "Pod",
            "User",
            "Method",
            "Protocol",
            "Tunnel Address",
            "Tunnel IPv6",
            "Client Address",
            "Group",
            "Bytes In",
            "Bytes Out",
            "Packets In",
            "Packets Out",
            "Age");
    assertThat(table.path("columnDefinitions").path(2).path("priority").asInt()).isEqualTo(1);
    assertThat(table.path("columnDefinitions").path(3).path("priority").asInt()).isZero();
    JsonNode row = table.path("rows").path(0);
    assertThat(row.path("cells")).hasSize(columns.size());
    assertThat(row.path("cells").path(14).asText()).isEqualTo("90s");
    assertThat(row.path("object").path("kind").asText()).isEqualTo("PartialObjectMetadata");
  }

  @ParameterizedTest
  @CsvSource({
    "/p2ssessions, '', 3",
    "/namespaces/vpn/p2ssessions, '', 2",
    "/namespaces/none/p2ssessions, '', 0",
    "/p2ssessions, fieldSelector=user%3Dalice, 1",
    "/p2ssessions, fieldSelector=metadata.name%3D0000000000000002, 1",
    "/p2ssessions, labelSelector=p2s.dev%2Fgateway%3Dlab, 1",
    "/p2ssessions, labelSelector=p2s.dev%2Fgateway+in+(lab%2Coffice), 3",
  })
  void givenSelectors_whenListed_thenOnlyWhatFitsIsThere(String path, String query, int count) {
    assertThat(get(path, query, "").path("items")).hasSize(count);
  }

  @Test
  void givenASession_whenDeleted_thenItsAgentDisconnectsItAndADryRunDoesNot() {
    String path = "/namespaces/vpn/p2ssessions/" + id(1);
    send("DELETE", path, "dryRun=All", "");
    send("DELETE", path, "", "{\"dryRun\":[\"All\"]}");
    assertThat(agents.disconnected).isEmpty();

    JsonNode status = send("DELETE", path, "", "{\"propagationPolicy\":\"Background\"}");

    assertThat(agents.disconnected).containsExactly("office-0 " + id(1));
    assertThat(status.path("status").asText()).isEqualTo("Success");
    assertThat(status.path("details").path("name").asText()).isEqualTo(id(1));
  }

  @Test
  void givenAnotherUidOrNamespace_whenDeleted_thenNobodyIsDisconnected() {
    assertThat(
            failure(
                "DELETE",
                "/namespaces/vpn/p2ssessions/" + id(1),
                "{\"preconditions\":{\"uid\":\"x\"}}"))
        .isEqualTo(409);
    assertThat(failure("DELETE", "/namespaces/elsewhere/p2ssessions/" + id(1), "")).isEqualTo(404);
    assertThat(failure("DELETE", "/p2ssessions/" + id(1), "")).isEqualTo(400);
    assertThat(failure("DELETE", "/namespaces/vpn/p2ssessions/" + id(1), "<xml>")).isEqualTo(400);
    assertThat(failure("DELETE", "/namespaces/vpn/p2sattempts/" + id(1), "")).isEqualTo(405);
    assertThat(agents.disconnected).isEmpty();
  }

  @Test
  void givenAWatch_whenASessionComesAndGoes_thenItsEventsAreTold() {
    var watch =
        (Answer.Watch)
            routes.answer(
                ADA,
                "GET",
                "/apis/live.p2s.dev/v1alpha1/namespaces/vpn/p2ssessions",
                "watch=true&fieldSelector=user%3Dcarol&resourceVersion=" + (feed.version() + 5000),
                ACCEPT_TABLE,
                new byte[0]);
    List<JsonNode> events = new ArrayList<>();
    Runnable end = watch.begin().apply(event -> events.add(json.valueToTree(event)));

    feed.heard(OFFICE, pod(session(1, "alice"), session(4, "carol"), session(5, "dan")));
    feed.heard(OFFICE, pod());
    end.run();
    feed.heard(OFFICE, pod(session(6, "carol")));

    assertThat(events.stream().map(event -> event.path("type").asText()))
        .containsExactly("ADDED", "DELETED");
    assertThat(events.getFirst().path("object").path("rows")).hasSize(1);
    assertThat(asked).containsExactly("ada watch p2ssessions");
  }

  @Test
  void givenRefusals_whenAttemptsAreListed_thenTheLastThousandWithTheirRemedy() {
    agents.attempts =
        IntStream.range(0, 1500)
            .mapToObj(
                i ->
                    new RefusedAttempt(
                        id(i),
                        "user" + i,
                        "",
                        "OpenVPN",
                        "192.0.2.1:1",
                        "",
                        "USER_BLOCKED",
                        "Your access is blocked.",
                        NOON,
                        NOON.plusSeconds(i),
                        2))
            .toList();

    JsonNode items = get("/namespaces/vpn/p2sattempts", "", "").path("items");

    assertThat(items).hasSize(1000);
    assertThat(items.path(999).path("user").asText()).isEqualTo("user1499");
    assertThat(items.path(0).path("remedy").asText()).contains("spec.blockedUsers");
    assertThat(items.path(0).path("count").asLong()).isEqualTo(2);
  }

  @Test
  void givenSomebodyWhomTheRolesDoNotLet_whenTheyAsk_thenTheyAreToldAndDiscoveryWorks() {
    allowed = false;
    assertThat(failure("GET", "/namespaces/vpn/p2ssessions", "")).isEqualTo(403);
    assertThat(failure("DELETE", "/namespaces/vpn/p2ssessions/" + id(1), "")).isEqualTo(403);
    assertThat(agents.disconnected).isEmpty();

    JsonNode resources = get("", "", "");
    assertThat(resources.path("resources").findValuesAsText("name"))
        .containsExactly("p2ssessions", "p2sattempts");
    assertThat(resources.path("resources").path(0).path("verbs").toString())
        .as("whatever else is advertised, the garbage collector depends on")
        .isEqualTo("[\"get\",\"list\"]");
  }

  @Test
  void givenTheSchemas_whenRead_thenEveryFieldIsDescribedAndEveryReferenceLeadsSomewhere() {
    JsonNode index = document("/openapi/v3");
    String url =
        index.path("paths").path("apis/live.p2s.dev/v1alpha1").path("serverRelativeURL").asText();
    JsonNode openApi = document(url);

    assertThat(openApi.findValuesAsText("$ref"))
        .isNotEmpty()
        .allSatisfy(
            reference ->
                assertThat(openApi.at(reference.substring(1)).path("description").asText())
                    .isNotEmpty());
    for (LiveKind kind : LiveKind.values()) {
      assertThat(kind.fields()).allSatisfy(field -> assertThat(field.description()).isNotEmpty());
    }
  }

  @Test
  void givenAWayToAnswerThatThereIsNot_whenAsked_thenItIsRefused() {
    assertThatThrownBy(() -> get("/p2ssessions", "", "application/vnd.kubernetes.protobuf"))
        .isInstanceOfSatisfying(
            ApiFailure.class, failure -> assertThat(failure.code()).isEqualTo(406));
    assertThatThrownBy(() -> get("/p2ssessions", "watch=1&sendInitialEvents=true", ""))
        .isInstanceOfSatisfying(
            ApiFailure.class, failure -> assertThat(failure.code()).isEqualTo(422));
    assertThatThrownBy(() -> get("/p2ssessions", "watch=1&resourceVersion=old", ""))
        .isInstanceOfSatisfying(
            ApiFailure.class, failure -> assertThat(failure.code()).isEqualTo(400));
  }

  private JsonNode get(String path, String query, String accept) {
    return body(
        routes.answer(
            ADA, "GET", "/apis/live.p2s.dev/v1alpha1" + path, query, accept, new byte[0]));
  }

  private JsonNode send(String method, String path, String query, String sent) {
    return body(
        routes.answer(
            ADA,
            method,
            "/apis/live.p2s.dev/v1alpha1" + path,
            query,
            "",
            sent.getBytes(StandardCharsets.UTF_8)));
  }

  private JsonNode document(String path) {
    return body(routes.answer(ADA, "GET", path, "", "", new byte[0]));
  }

  private int failure(String method, String path, String sent) {
    try {
      send(method, path, "", sent);
      return 200;
    } catch (ApiFailure failure) {
      return failure.code();
    }
  }

  private JsonNode body(Answer answer) {
    return json.valueToTree(((Answer.Document) answer).body());
  }
}

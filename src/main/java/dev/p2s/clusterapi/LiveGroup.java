package dev.p2s.clusterapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.p2s.dataplane.RefusedAttempt;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** {@code live.p2s.dev/v1alpha1}: sessions and refused attempts of the gateways, for people. */
final class LiveGroup implements AggregatedGroup {

  static final String GROUP = "live.p2s.dev";
  static final String VERSION = "v1alpha1";

  private static final Duration LONGEST_WATCH = Duration.ofMinutes(30);

  private final SessionFeed feed;
  private final AgentTalk agents;
  private final Clock clock;
  private final JsonMapper json = JsonMapper.builder().build();

  LiveGroup(SessionFeed feed, AgentTalk agents, Clock clock) {
    this.feed = feed;
    this.agents = agents;
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
    return Stream.of(LiveKind.values())
        .map(
            kind ->
                Map.<String, Object>of(
                    "name",
                    kind.plural(),
                    "singularName",
                    kind.singular(),
                    "namespaced",
                    true,
                    "kind",
                    kind.kind(),
                    "shortNames",
                    List.of(kind.shortName()),
                    // watch and delete are served too; whoever saw them here would make the
                    // garbage collector and the namespace controller depend on this server
                    "verbs",
                    List.of("get", "list")))
        .toList();
  }

  @Override
  public OpenApi openApi() {
    return LiveSchemas.openApi();
  }

  @Override
  public Answer answer(ApiCall call, Wish wish) {
    LiveKind kind =
        Stream.of(LiveKind.values())
            .filter(k -> k.plural().equals(call.resource()))
            .findFirst()
            .orElseThrow(() -> ApiFailure.notFound("there are no " + call.resource()));
    if (kind == LiveKind.ATTEMPT
        && (call.verb() == ApiCall.Verb.WATCH || call.verb() == ApiCall.Verb.DELETE)) {
      throw ApiFailure.methodNotAllowed("attempts can be read only");
    }
    if (!call.name().isEmpty() && call.namespace().isEmpty()) {
      throw ApiFailure.badRequest("name the namespace too");
    }
    return switch (call.verb()) {
      case LIST -> list(kind, wanted(kind, call), call, wish);
      case GET -> one(named(kind, call), call, wish);
      case WATCH -> watch(kind, call, wish);
      case DELETE -> disconnect(named(kind, call), wish, call);
    };
  }

  private record Wanted(String namespace, Requirements fields, Requirements labels) {
    boolean takes(LiveObject object) {
      return (namespace.isEmpty() || namespace.equals(object.namespace()))
          && object.matches(fields, labels);
    }
  }

  private static Wanted wanted(LiveKind kind, ApiCall call) {
    return new Wanted(
        call.namespace(),
        Requirements.ofFields(call.parameter("fieldSelector"), kind.selectable()),
        Requirements.ofLabels(call.parameter("labelSelector")));
  }

  private Answer list(LiveKind kind, Wanted wanted, ApiCall call, Wish wish) {
    String version = Long.toString(feed.version());
    List<LiveObject> objects = objects(kind, wanted);
    return Answer.ok(
        wish.table()
            ? table(kind, objects, version, call)
            : LiveDocuments.list(kind, objects, version));
  }

  private Answer one(LiveObject object, ApiCall call, Wish wish) {
    String version = Long.toString(feed.version());
    return Answer.ok(
        wish.table()
            ? table(object.kind(), List.of(object), version, call)
            : LiveDocuments.object(object, version));
  }

  private Answer watch(LiveKind kind, ApiCall call, Wish wish) {
    if (call.has("sendInitialEvents")) {
      throw ApiFailure.invalid("sendInitialEvents: list first, then watch");
    }
    Wanted wanted = wanted(kind, call);
    long version = number("resourceVersion", call);
    long seconds = number("timeoutSeconds", call);
    Duration asked = seconds == 0 ? LONGEST_WATCH : Duration.ofSeconds(Math.min(seconds, 3600));
    return new Answer.Watch(
        taker -> feed.watch(version, events(wanted, call, wish, taker)),
        asked.compareTo(LONGEST_WATCH) < 0 ? asked : LONGEST_WATCH);
  }

  private Consumer<SessionFeed.Change> events(
      Wanted wanted, ApiCall call, Wish wish, Consumer<Object> taker) {
    return change -> {
      if (wanted.takes(change.session())) {
        String version = Long.toString(feed.version());
        taker.accept(
            Map.of(
                "type",
                change.kind().name(),
                "object",
                wish.table()
                    ? table(LiveKind.SESSION, List.of(change.session()), version, call)
                    : LiveDocuments.object(change.session(), version)));
      }
    };
  }

  private Answer disconnect(LiveObject session, Wish wish, ApiCall call) {
    JsonNode options = options(wish.body());
    String uid = options.path("preconditions").path("uid").asText("");
    if (!uid.isEmpty() && !uid.equals(session.uid().toString())) {
      throw ApiFailure.conflict("the session has the uid " + session.uid());
    }
    boolean dryRun = !call.parameter("dryRun").isEmpty() || !options.path("dryRun").isEmpty();
    boolean ended =
        dryRun
            || feed.place(session)
                .filter(place -> agents.disconnect(place, session.name()))
                .isPresent();
    if (!ended) {
      throw notFound(session.kind(), session.name());
    }
    return Answer.ok(LiveDocuments.deleted(session));
  }

  private JsonNode options(byte[] body) {
    try {
      return json.readTree(
          body.length == 0 ? "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8) : body);
    } catch (IOException e) {
      throw ApiFailure.badRequest("the body is no JSON of DeleteOptions");
    }
  }

  private LiveObject named(LiveKind kind, ApiCall call) {
    Wanted all = new Wanted(call.namespace(), Requirements.NONE, Requirements.NONE);
    return objects(kind, all).stream()
        .filter(object -> object.name().equals(call.name()))
        .findFirst()
        .orElseThrow(() -> notFound(kind, call.name()));
  }

  private static ApiFailure notFound(LiveKind kind, String name) {
    return ApiFailure.notFound(kind.plural() + "." + GROUP + " \"" + name + "\" not found");
  }

  private List<LiveObject> objects(LiveKind kind, Wanted wanted) {
    return switch (kind) {
      case SESSION -> feed.list(wanted::takes);
      case ATTEMPT -> attempts(wanted);
    };
  }

  private List<LiveObject> attempts(Wanted wanted) {
    Collection<ResourceID> gateways =
        feed.gateways().stream()
            .filter(
                gateway ->
                    wanted.namespace().isEmpty()
                        || wanted.namespace().equals(gateway.getNamespace().orElse("")))
            .sorted(SessionObjects.BY_NAME)
            .toList();
    Map<ResourceID, List<RefusedAttempt>> told = agents.attempts(gateways);
    return gateways.stream()
        .flatMap(
            gateway -> {
              List<RefusedAttempt> all = told.getOrDefault(gateway, List.of());
              return all.stream()
                  .skip(Math.max(0, all.size() - RefusedAttempt.REMEMBERED))
                  .map(attempt -> SessionObjects.attempt(gateway, attempt));
            })
        .filter(wanted::takes)
        .toList();
  }

  private Object table(LiveKind kind, List<LiveObject> objects, String version, ApiCall call) {
    return LiveDocuments.table(
        kind, objects, version, clock.instant(), call.parameter("includeObject").equals("Object"));
  }

  private static long number(String parameter, ApiCall call) {
    String text = call.parameter(parameter);
    if (text.isEmpty()) {
      return 0;
    }
    try {
      return Math.max(0, Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw ApiFailure.badRequest(parameter + ": '" + text + "' is no number of this server");
    }
  }
}

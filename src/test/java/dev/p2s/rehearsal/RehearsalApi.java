package dev.p2s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.zjsonpatch.JsonPatch;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.PemKeyCertOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An API server over TLS, as far as the operator's client needs one: objects, lists, watches by
 * WebSocket, merge patches and server-side apply.
 */
final class RehearsalApi {

  /** What the operator may do. */
  private static final ObjectNode EVERYTHING =
      new KubernetesSerialization()
          .unmarshal(
              """
              incomplete: false
              nonResourceRules: []
              resourceRules: [{verbs: ["*"], apiGroups: ["*"], resources: ["*"]}]
              """,
              ObjectNode.class);

  private final Vertx vertx;
  private final RehearsalStore store;
  private final ObjectMapper json = new ObjectMapper();
  private final KubernetesSerialization texts = new KubernetesSerialization();
  private final CertificateAuthority authority =
      CertificateAuthority.selfSigned(
          "rehearsal", KeyKind.EC_P256, Duration.ofDays(1), Instant.now(), new SecureRandom());

  RehearsalApi(Vertx vertx, RehearsalStore store) {
    this.vertx = vertx;
    this.store = store;
  }

  /** The CA of its certificate. */
  String authorityPem() {
    return Pem.certificate(authority.certificate());
  }

  Future<HttpServer> listen() {
    CertificateAuthority.Leaf leaf =
        authority.issueServer(
            "kubernetes",
            List.of("127.0.0.1"),
            KeyKind.EC_P256,
            Duration.ofDays(1),
            Instant.now(),
            new SecureRandom());
    return vertx
        .createHttpServer(
            new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setMaxWebSocketFrameSize(1 << 20)
                .setKeyCertOptions(
                    new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(Pem.certificate(leaf.certificate())))
                        .addKeyValue(Buffer.buffer(Pem.key(leaf.key())))))
        .webSocketHandler(this::watch)
        .requestHandler(request -> request.body().onSuccess(body -> answer(request, body)))
        .listen(0, "127.0.0.1");
  }

  private void watch(ServerWebSocket socket) {
    Optional<Selection> found = selection(socket.path(), socket.query());
    if (found.isEmpty()) {
      socket.reject(404);
      return;
    }
    Selection selection = found.orElseThrow();
    Consumer<RehearsalStore.Event> watcher =
        event -> {
          if (selection.test(event.path(), event.object())) {
            ObjectNode told = json.createObjectNode().put("type", event.type());
            told.set("object", event.object());
            socket.writeTextMessage(told.toString());
          }
        };
    socket.closeHandler(none -> store.unwatch(watcher));
    store.watch(Long.parseLong(parameter(socket.query(), "resourceVersion").orElse("0")), watcher);
  }

  private void answer(HttpServerRequest request, Buffer body) {
    Optional<ObjectNode> answer =
        RehearsalPath.of(request.path()).flatMap(path -> answer(request, path, body.toString()));
    int found = request.method().name().equals("POST") ? 201 : 200;
    request
        .response()
        .putHeader("Content-Type", "application/json")
        .setStatusCode(answer.isEmpty() ? 404 : found)
        .end(answer.orElseGet(this::notFound).toString());
  }

  private Optional<ObjectNode> answer(HttpServerRequest request, RehearsalPath path, String body) {
    return switch (request.method().name()) {
      case "GET" ->
          path.name().isEmpty()
              ? selection(request.path(), request.query()).map(asked -> list(path, asked))
              : store.get(path);
      case "POST" -> {
        ObjectNode made = read(body);
        if (path.resource().equals("selfsubjectrulesreviews")) {
          yield Optional.of((ObjectNode) made.set("status", EVERYTHING.deepCopy()));
        }
        yield Optional.of(store.put(path.named(made.at("/metadata/name").asText()), made));
      }
      case "PUT" -> Optional.of(store.put(path, read(body)));
      case "PATCH" -> patched(request, path, body);
      case "DELETE" -> store.delete(path);
      default -> Optional.empty();
    };
  }

  private ObjectNode list(RehearsalPath path, Selection selection) {
    ObjectNode list =
        json.createObjectNode().put("apiVersion", path.apiVersion()).put("kind", "List");
    list.putObject("metadata").put("resourceVersion", String.valueOf(store.version()));
    list.putArray("items").addAll(store.list(selection::test));
    return list;
  }

  private Optional<ObjectNode> patched(HttpServerRequest request, RehearsalPath path, String body) {
    String type = Optional.ofNullable(request.getHeader("Content-Type")).orElse("");
    if (type.startsWith("application/apply-patch")) {
      String manager = parameter(request.query(), "fieldManager").orElse("nobody");
      return Optional.of(store.apply(path, read(body), manager));
    }
    if (type.startsWith("application/merge-patch")) {
      return Optional.of(store.merge(path, read(body)));
    }
    return store
        .get(path)
        .map(
            before ->
                store.put(
                    path,
                    (ObjectNode) JsonPatch.apply(texts.unmarshal(body, ArrayNode.class), before)));
  }

  private ObjectNode read(String text) {
    return texts.unmarshal(text, ObjectNode.class);
  }

  private ObjectNode notFound() {
    return json.createObjectNode()
        .put("kind", "Status")
        .put("apiVersion", "v1")
        .put("status", "Failure")
        .put("reason", "NotFound")
        .put("code", 404);
  }

  /** Which objects somebody asks for. */
  private record Selection(RehearsalPath path, List<String> labels) {

    boolean test(RehearsalPath object, ObjectNode content) {
      return path.lists(object)
          && labels.stream()
              .map(label -> label.split("=", 2))
              .allMatch(
                  label -> {
                    JsonNode value = content.at("/metadata/labels").path(label[0]);
                    return label.length == 1 ? value.isTextual() : label[1].equals(value.asText());
                  });
    }
  }

  private static Optional<Selection> selection(String path, String query) {
    String name =
        parameter(query, "fieldSelector")
            .filter(field -> field.startsWith("metadata.name="))
            .map(field -> field.substring("metadata.name=".length()))
            .orElse("");
    List<String> labels =
        parameter(query, "labelSelector").map(all -> List.of(all.split(","))).orElse(List.of());
    return RehearsalPath.of(path).map(found -> new Selection(found.named(name), labels));
  }

  private static Optional<String> parameter(String query, String name) {
    return new QueryStringDecoder(query == null ? "" : query, false)
        .parameters().getOrDefault(name, List.of()).stream().findFirst();
  }
}

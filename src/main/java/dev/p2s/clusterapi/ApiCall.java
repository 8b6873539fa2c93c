package dev.p2s.clusterapi;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a request asks for, as Kubernetes names it.
 *
 * @param namespace empty for all namespaces
 * @param name empty for all objects
 * @param query the parameters, each once
 */
record ApiCall(
    Verb verb,
    String group,
    String version,
    String resource,
    String namespace,
    String name,
    Map<String, String> query) {

  /** What is done, as roles name it. */
  enum Verb {
    GET,
    LIST,
    WATCH,
    DELETE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Characters; longer ones are nobody's. */
  private static final int PATH_LIMIT = 1024;

  private static final int QUERY_LIMIT = 8192;
  private static final int PARAMETER_LIMIT = 32;
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9][-A-Za-z0-9._]{0,252}");

  /**
   * @param path begins with {@code /apis/}
   * @param query as it stands behind the question mark, or null
   * @throws ApiFailure where no such thing can be asked
   */
  static ApiCall parse(String method, String path, String query) {
    if (path.length() > PATH_LIMIT) {
      throw ApiFailure.badRequest("the path is longer than " + PATH_LIMIT + " characters");
    }
    List<String> words = List.of(path.split("/", -1));
    boolean wellFormed =
        words.size() >= 5
            && words.get(0).isEmpty()
            && words.get(1).equals("apis")
            && words.stream().skip(2).allMatch(word -> SEGMENT.matcher(word).matches());
    if (!wellFormed) {
      throw ApiFailure.notFound("the server could not find the requested resource");
    }
    boolean namespaced = words.get(4).equals("namespaces") && words.size() >= 7;
    List<String> rest = words.subList(namespaced ? 6 : 4, words.size());
    if (rest.size() > 2) {
      throw ApiFailure.notFound("there are no subresources");
    }
    String name = rest.size() == 2 ? rest.get(1) : "";
    Map<String, String> parameters = parameters(query == null ? "" : query);
    return new ApiCall(
        verb(method, name, parameters),
        words.get(2),
        words.get(3),
        rest.get(0),
        namespaced ? words.get(5) : "",
        name,
        parameters);
  }

  /** A parameter's value; empty where it is not given. */
  String parameter(String key) {
    return query.getOrDefault(key, "");
  }

  boolean has(String key) {
    return isTrue(parameter(key));
  }

  private static Verb verb(String method, String name, Map<String, String> parameters) {
    return switch (method) {
      case "GET" -> {
        if (!name.isEmpty()) {
          yield Verb.GET;
        }
        yield isTrue(parameters.getOrDefault("watch", "")) ? Verb.WATCH : Verb.LIST;
      }
      case "DELETE" -> {
        if (name.isEmpty()) {
          throw ApiFailure.methodNotAllowed("name what is to be deleted");
        }
        yield Verb.DELETE;
      }
      default -> throw ApiFailure.methodNotAllowed("what is live can be read and ended only");
    };
  }

  private static boolean isTrue(String value) {
    return value.equals("1") || value.equalsIgnoreCase("true");
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new HashMap<>();
    if (query.length() > QUERY_LIMIT) {
      throw ApiFailure.badRequest("the query is longer than " + QUERY_LIMIT + " characters");
    }
    for (String pair : query.split("&")) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      parameters.putIfAbsent(
          decoded(equals < 0 ? pair : pair.substring(0, equals)),
          equals < 0 ? "" : decoded(pair.substring(equals + 1)));
      if (parameters.size() > PARAMETER_LIMIT) {
        throw ApiFailure.badRequest("more than " + PARAMETER_LIMIT + " parameters");
      }
    }
    return Map.copyOf(parameters);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ApiFailure.badRequest("a query parameter is not URL-encoded");
    }
  }
}

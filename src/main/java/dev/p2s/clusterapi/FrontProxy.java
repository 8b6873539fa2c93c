package dev.p2s.clusterapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * By whom the cluster's API server speaks for people, as it says in the ConfigMap {@code
 * kube-system/extension-apiserver-authentication}.
 *
 * @param authorityPem the CA of its client certificate; nobody of another CA gets a connection
 * @param allowedNames common names that its certificate may have; empty for any
 * @param userHeaders headers that name the person, the first that is there counts
 */
record FrontProxy(
    String authorityPem,
    List<String> allowedNames,
    List<String> userHeaders,
    List<String> uidHeaders,
    List<String> groupHeaders,
    List<String> extraPrefixes) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Somebody for whom the API server asks. */
  record Caller(String user, String uid, List<String> groups, Map<String, List<String>> extra) {}

  /**
   * @param data of the ConfigMap
   * @throws IllegalArgumentException where the cluster has no front proxy, or cannot be understood
   */
  static FrontProxy of(Map<String, String> data) {
    String authority = data.getOrDefault("requestheader-client-ca-file", "");
    if (authority.isBlank()) {
      throw new IllegalArgumentException(
          "has no requestheader-client-ca-file: the cluster's aggregation layer is not set up");
    }
    return new FrontProxy(
        authority,
        names(data, "requestheader-allowed-names"),
        names(data, "requestheader-username-headers"),
        names(data, "requestheader-uid-headers"),
        names(data, "requestheader-group-headers"),
        names(data, "requestheader-extra-headers-prefix"));
  }

  /**
   * Who asks.
   *
   * @param commonName of the certificate that the connection was made with; the TLS layer has
   *     verified that it is of {@link #authorityPem}
   * @param headers the request's, in order
   * @throws ApiFailure where that is not known
   */
  Caller caller(String commonName, List<Map.Entry<String, String>> headers) {
    if (!allowedNames.isEmpty() && !allowedNames.contains(commonName)) {
      throw ApiFailure.unauthorized("the certificate's name may not speak for others");
    }
    String user = first(userHeaders, headers);
    if (user.isEmpty()) {
      throw ApiFailure.unauthorized("nobody is named");
    }
    return new Caller(user, first(uidHeaders, headers), all(groupHeaders, headers), extra(headers));
  }

  private Map<String, List<String>> extra(List<Map.Entry<String, String>> headers) {
    Map<String, List<String>> extra = new HashMap<>();
    for (Map.Entry<String, String> header : headers) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      extraPrefixes.stream()
          .map(prefix -> prefix.toLowerCase(Locale.ROOT))
          .filter(prefix -> name.startsWith(prefix) && name.length() > prefix.length())
          .findFirst()
          .ifPresent(
              prefix ->
                  extra
                      .computeIfAbsent(
                          unescaped(name.substring(prefix.length())), key -> new ArrayList<>())
                      .add(header.getValue()));
    }
    return extra;
  }

  private static String unescaped(String key) {
    try {
      return URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return key;
    }
  }

  private static String first(List<String> names, List<Map.Entry<String, String>> headers) {
    return names.stream()
        .flatMap(name -> all(List.of(name), headers).stream())
        .filter(value -> !value.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static List<String> all(List<String> names, List<Map.Entry<String, String>> headers) {
    return headers.stream()
        .filter(header -> names.stream().anyMatch(header.getKey()::equalsIgnoreCase))
        .map(Map.Entry::getValue)
        .toList();
  }

  private static List<String> names(Map<String, String> data, String entry) {
    try {
      return List.of(JSON.readValue(data.getOrDefault(entry, "[]"), String[].class));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("entry " + entry + " is no JSON list of names");
    }
  }
}

package dev.p2s.clusterapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrontProxyTest {

  private static final Map<String, String> CLUSTER =
      Map.of(
          "requestheader-client-ca-file", "-----BEGIN CERTIFICATE-----",
          "requestheader-allowed-names", "[\"front-proxy-client\"]",
          "requestheader-username-headers", "[\"X-Remote-User\"]",
          "requestheader-uid-headers", "[\"X-Remote-Uid\"]",
          "requestheader-group-headers", "[\"X-Remote-Group\"]",
          "requestheader-extra-headers-prefix", "[\"X-Remote-Extra-\"]");

  private final FrontProxy proxy = FrontProxy.of(CLUSTER);

  @Test
  void givenTheApiServersHeaders_whenRead_thenTheySayWhoAsks() {
    FrontProxy.Caller caller =
        proxy.caller(
            "front-proxy-client",
            headers(
                "x-remote-user", "alice",
                "X-Remote-Uid", "42",
                "X-Remote-Group", "vpn-admins",
                "X-Remote-Group", "system:authenticated",
                "X-Remote-Extra-Example.com%2fscope", "read",
                "X-Remote-Extra-Example.com%2fscope", "write",
                "Accept", "application/json"));

    assertThat(caller.user()).isEqualTo("alice");
    assertThat(caller.uid()).isEqualTo("42");
    assertThat(caller.groups()).containsExactly("vpn-admins", "system:authenticated");
    assertThat(caller.extra()).isEqualTo(Map.of("example.com/scope", List.of("read", "write")));
  }

  @Test
  void givenACertificateOfAnotherName_whenItSpeaksForSomebody_thenItIsRefused() {
    assertThatThrownBy(() -> proxy.caller("kubelet", headers("X-Remote-User", "alice")))
        .isInstanceOfSatisfying(
            ApiFailure.class, failure -> assertThat(failure.code()).isEqualTo(401));
  }

  @Test
  void givenNoNamesInTheCluster_whenAnyCertificateOfTheCaSpeaks_thenItMay() {
    Map<String, String> cluster = new HashMap<>(CLUSTER);
    cluster.put("requestheader-allowed-names", "[]");
    assertThat(FrontProxy.of(cluster).caller("any", headers("X-Remote-User", "alice")).user())
        .isEqualTo("alice");
  }

  @Test
  void givenNobodyIsNamed_whenRead_thenItIsRefused() {
    assertThatThrownBy(
            () -> proxy.caller("front-proxy-client", headers("X-Remote-Group", "system:masters")))
        .isInstanceOf(ApiFailure.class);
    assertThatThrownBy(() -> proxy.caller("front-proxy-client", headers("X-Remote-User", "")))
        .isInstanceOf(ApiFailure.class);
  }

  @Test
  void givenAClusterWithoutAggregation_whenRead_thenItIsSaid() {
    assertThatThrownBy(() -> FrontProxy.of(Map.of("client-ca-file", "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("aggregation layer");
    Map<String, String> cluster = new HashMap<>(CLUSTER);
    cluster.put("requestheader-group-headers", "no json");
    assertThatThrownBy(() -> FrontProxy.of(cluster))
        .hasMessage("entry requestheader-group-headers is no JSON list of names");
  }

  private static List<Map.Entry<String, String>> headers(String... words) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (int i = 0; i < words.length; i += 2) {
      headers.add(Map.entry(words[i], words[i + 1]));
    }
    return headers;
  }
}

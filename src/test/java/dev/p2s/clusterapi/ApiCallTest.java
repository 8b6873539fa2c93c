package dev.p2s.clusterapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiCallTest {

  private static final String BASE = "/apis/live.p2s.dev/v1alpha1";

  @ParameterizedTest
  @CsvSource({
    "GET, /p2ssessions, '', LIST, '', ''",
    "GET, /namespaces/vpn/p2ssessions, limit=500, LIST, vpn, ''",
    "GET, /namespaces/vpn/p2ssessions, watch=true, WATCH, vpn, ''",
    "GET, /namespaces/vpn/p2ssessions, watch=1&resourceVersion=7, WATCH, vpn, ''",
    "GET, /namespaces/vpn/p2ssessions/00aa, '', GET, vpn, 00aa",
    "DELETE, /namespaces/vpn/p2ssessions/00aa, '', DELETE, vpn, 00aa",
  })
  void givenAPath_whenItIsRead_thenItSaysWhatIsAsked(
      String method, String path, String query, ApiCall.Verb verb, String namespace, String name) {
    ApiCall call = ApiCall.parse(method, BASE + path, query);

    assertThat(call.verb()).isEqualTo(verb);
    assertThat(call.group()).isEqualTo("live.p2s.dev");
    assertThat(call.version()).isEqualTo("v1alpha1");
    assertThat(call.resource()).isEqualTo("p2ssessions");
    assertThat(call.namespace()).isEqualTo(namespace);
    assertThat(call.name()).isEqualTo(name);
  }

  @Test
  void givenAnEncodedSelector_whenItIsRead_thenItIsDecoded() {
    ApiCall call =
        ApiCall.parse("GET", BASE + "/p2ssessions", "fieldSelector=user%3Dalice%40example.com");
    assertThat(call.parameter("fieldSelector")).isEqualTo("user=alice@example.com");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /apis, 404",
    "GET, /healthz, 404",
    "GET, /apis/live.p2s.dev/v1alpha1, 404",
    "GET, /apis/live.p2s.dev/v1alpha1/../../x, 404",
    "GET, /apis/live.p2s.dev/v1alpha1/namespaces/vpn/p2ssessions/a/status, 404",
    "GET, /apis/live.p2s.dev/v1alpha1/namespaces/%2e%2e/p2ssessions, 404",
    "POST, /apis/live.p2s.dev/v1alpha1/namespaces/vpn/p2ssessions, 405",
    "PATCH, /apis/live.p2s.dev/v1alpha1/namespaces/vpn/p2ssessions/a, 405",
    "DELETE, /apis/live.p2s.dev/v1alpha1/namespaces/vpn/p2ssessions, 405",
  })
  void givenAnythingElse_whenItIsRead_thenItIsRefused(String method, String path, int code) {
    assertThatThrownBy(() -> ApiCall.parse(method, path, null))
        .isInstanceOfSatisfying(
            ApiFailure.class, failure -> assertThat(failure.code()).isEqualTo(code));
  }

  @Test
  void givenMoreThanAnybodyNeeds_whenItIsRead_thenItIsRefused() {
    for (String query : new String[] {"x=" + "a".repeat(9000), "%zz=1", manyParameters(40)}) {
      assertThatThrownBy(() -> ApiCall.parse("GET", BASE + "/p2ssessions", query))
          .isInstanceOf(ApiFailure.class);
    }
    assertThatThrownBy(() -> ApiCall.parse("GET", BASE + "/" + "a".repeat(2000), null))
        .isInstanceOf(ApiFailure.class);
  }

  @Property(tries = 300)
  void givenAnyText_whenItIsRead_thenItIsACallOrARefusal(
      @ForAll @StringLength(max = 60) String path, @ForAll @StringLength(max = 60) String query) {
    try {
      assertThat(ApiCall.parse("GET", BASE + path, query).resource()).isNotEmpty();
    } catch (ApiFailure refused) {
      assertThat(refused.code()).isBetween(400, 499);
    }
  }

  private static String manyParameters(int count) {
    StringBuilder query = new StringBuilder();
    for (int i = 0; i < count; i++) {
      query.append("p").append(i).append("=1&");
    }
    return query.toString();
  }
}

package dev.p2s.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.openvpn.ManagementMessage.ClientEvent;
import dev.p2s.agent.openvpn.ManagementMessage.Kind;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.States;
import dev.p2s.dataplane.TokenIssuer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is sent to a browser, and how. BrowserLoginClusterIT goes through with it. */
class BrowserLoginTest {

  @TempDir Path directory;

  @Test
  void givenAClientThatOpensABrowser_whenItShowsNothing_thenItIsToldWhere() throws IOException {
    assertThat(told("webauth,crtext", true))
        .matches("client-pending-auth 7 1 WEB_AUTH::https://vpn\\.example/login/[\\w-]{32} 180\n");
    assertThat(told("openurl", true))
        .matches("client-pending-auth 7 1 OPEN_URL:https://vpn\\.example/login/[\\w-]{32} 180\n");
  }

  @Test
  void givenAClientThatOpensNone_whenItShowsNothing_thenItIsTurnedAway() throws IOException {
    assertThat(told("crtext", true)).contains("client-deny", "none was sent");
    assertThat(told("", true)).contains("client-deny", "none was sent");
  }

  @Test
  void givenAGatewayWithoutALoginPage_whenAClientOpensBrowsers_thenItIsTurnedAway()
      throws IOException {
    assertThat(told("webauth", false)).contains("client-deny", "none was sent");
  }

  @Test
  void givenACertificateAndABrowser_whenShown_thenTheCertificateCounts() throws IOException {
    TestGateway gateway = gateway(true);
    ClientEvent shown = announcing(TestGateway.event(Kind.CONNECT, 7, "1"), "webauth");

    gateway.door.event(TestGateway.SLOT, shown);
    gateway.policy.flush();

    assertThat(gateway.happened.getLast()).contains("client-auth 7 1");
  }

  private String told(String sso, boolean page) throws IOException {
    TestGateway gateway = gateway(page);
    gateway.door.event(
        TestGateway.SLOT, announcing(TestGateway.login(Kind.CONNECT, 7, "1", "", ""), sso));
    gateway.policy.flush();
    return gateway.happened.getLast().replaceFirst("^server ", "");
  }

  private static ClientEvent announcing(ClientEvent event, String sso) {
    Map<String, String> environment = new HashMap<>(event.environment());
    environment.put("IV_SSO", sso);
    return new ClientEvent(event.kind(), event.client(), event.key(), environment);
  }

  private TestGateway gateway(boolean page) throws IOException {
    TestGateway gateway = new TestGateway(directory);
    gateway.follow(state(page));
    return gateway;
  }

  private static GatewayState state(boolean page) {
    return States.gateway()
        .pools("10.8.0.0/24")
        .limit(10)
        .authentications(AuthenticationType.Certificate, AuthenticationType.OIDC)
        .roots(TestGateway.ROOT)
        .tokenIssuer(
            new TokenIssuer(
                AuthenticationType.OIDC,
                "https://127.0.0.1:1",
                "https://127.0.0.1:1/.well-known/openid-configuration",
                "vpn",
                null,
                List.of("RS256"),
                List.of("sub"),
                "groups",
                List.of(),
                null,
                page
                    ? new TokenIssuer.WebLogin("https://vpn.example", "vpn", List.of("openid"))
                    : null))
        .build();
  }
}

package dev.p2s.cluster;

import static dev.p2s.cluster.TokenGateway.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * People log in at Keycloak with a browser that their stock OpenVPN client has them open. Time
 * budget: 4 min beside the installation.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BrowserLoginClusterIT {

  private static TestCluster cluster;
  private static Installation installation;
  private static IdentityProvider provider;
  private static TokenGateway gateway;

  @BeforeAll
  static void makeTheGateway() {
    cluster = TestCluster.shared();
    installation = new Installation(cluster).install();
    installation.apply("samples/namespace.yaml");
    installation.apply("samples/workload.yaml");
    provider = new IdentityProvider();
    gateway = new TokenGateway(cluster, installation);
    gateway.make(provider);
  }

  @AfterAll
  static void remove() {
    if (provider != null) {
      provider.close();
    }
    cluster.kubectl("delete", "namespace", NAMESPACE, "--timeout=90s");
  }

  @Test
  @Order(1)
  void givenAClientThatOpensABrowser_whenItsPersonLogsIn_thenTheyAreInAndStayBeyondTheToken() {
    String page = loginPage("vpn-short");
    try (VpnClient bob = new VpnClient()) {
      bob.dial(page);
      await("an address to open", 30, () -> bob.log().contains("WEB_AUTH::https://"));
      String address = Browser.address(bob);
      assertThat(address).contains("/login/");
      Browser browser = new Browser(bob, "bob");
      String asked = browser.logIn(address, "bob", "bob");
      assertThat(asked).contains("wants to connect as <b>bob</b>");
      assertThat(bob.log()).doesNotContain("Initialization Sequence Completed");
      assertThat(new Browser(bob, "another").open(address)).contains("This login is over");

      assertThat(browser.confirm(address, asked)).contains("You are connected");

      Instant in = Instant.now();
      await("bob to be in", 30, () -> bob.log().contains("Initialization Sequence Completed"));
      gateway.reachesTheWorkload(bob);
      assertThat(browser.confirm(address, asked)).contains("This login is over");
      await(
          "the token's end to have gone by",
          90,
          () -> in.plus(IdentityProvider.SHORT_LIFE).plusSeconds(15).isBefore(Instant.now()));
      gateway.reachesTheWorkload(bob);
      assertThat(bob.log().split("Initialization Sequence Completed", -1)).hasSize(2);
      String refresh =
          cluster.kubectl(
              "exec",
              "-n",
              NAMESPACE,
              TokenGateway.POD,
              "-c",
              "agent",
              "--",
              "sh",
              "-c",
              "sed 's/.*\"token\":\"//; s/\".*//' /run/p2s/agent/refresh/*.json");
      assertThat(refresh).startsWith("eyJ");
      assertThat(WrittenTexts.of(cluster, NAMESPACE, TokenGateway.POD) + gateway.audit())
          .contains("\"event\":\"admitted\"")
          .doesNotContain(refresh.strip());
    }
  }

  @Test
  @Order(2)
  void givenABrowser_whenItsPersonMayNotComeIn_thenPageAndClientSayWhy() {
    gateway.patch("{\"spec\":{\"blockedUsers\":[{\"user\":\"alice\"}]}}");
    try (VpnClient dora = new VpnClient()) {
      dora.dial(installation.ovpn(NAMESPACE, "people"));
      await("an address to open", 30, () -> dora.log().contains("WEB_AUTH::https://"));
      String address = Browser.address(dora);
      Browser browser = new Browser(dora, "dora");
      String asked = browser.logIn(address, "alice", "alice");

      assertThat(browser.confirm(address, asked)).contains("is blocked");

      await("the client to be told", 20, () -> dora.log().contains("AUTH_FAILED,"));
      assertThat(dora.log()).contains("is blocked");
      assertThat(new Browser(dora, "none").open(address.replaceAll("/login/.*", "/")))
          .doesNotContain("login");
    } finally {
      gateway.patch(
          "{\"spec\":{\"blockedUsers\":null,\"oidc\":{\"clientId\":\"vpn\",\"webLogin\":null}}}");
      installation.awaitReady(NAMESPACE, TokenGateway.GATEWAY);
      await(
          "the package of before",
          60,
          () -> installation.ovpn(NAMESPACE, "people").contains("auth-user-pass\n"));
    }
  }

  /** Gives the gateway a login page; the package that goes with it. */
  private static String loginPage(String clientId) {
    gateway.patch(
        "{\"spec\":{\"oidc\":{\"clientId\":\""
            + clientId
            + "\",\"audience\":\"vpn\",\"webLogin\":{\"url\":\"https://"
            + cluster.nodeAddress()
            + ":31446\"}}}}");
    installation.awaitReady(NAMESPACE, TokenGateway.GATEWAY);
    await(
        "a package for browsers",
        60,
        () -> installation.ovpn(NAMESPACE, "people").contains("setenv IV_SSO webauth"));
    return installation.ovpn(NAMESPACE, "people");
  }

  private static void await(
      String what, int seconds, java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(Duration.ofSeconds(seconds))
        .pollInterval(Duration.ofMillis(200))
        .until(condition);
  }
}

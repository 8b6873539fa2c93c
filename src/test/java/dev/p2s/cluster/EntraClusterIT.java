package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.crd.SeedMatrix;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * People who come with an access token of a real identity provider, beside people with
 * certificates. Entra ID's rules are the same code with other settings ({@code TokenIssuersTest}).
 * Time budget: 5 min, a third of it the installation and the identity provider's start.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EntraClusterIT {

  private static final String NAMESPACE = TokenGateway.NAMESPACE;

  /** By a sentence, or in the handshake where a certificate is missing. */
  private static final String REFUSED = "AUTH_FAILED|Connection reset, restarting";

  private static TestCluster cluster;
  private static Installation installation;
  private static IdentityProvider provider;
  private static TokenGateway gateway;
  private static VpnClient alice;
  private static String ovpn;
  private static final List<String> tokens = new ArrayList<>();

  @BeforeAll
  static void makeTheGateway() {
    cluster = TestCluster.shared();
    installation = new Installation(cluster).install();
    installation.apply("samples/namespace.yaml");
    installation.apply("samples/workload.yaml");
    provider = new IdentityProvider();
    gateway = new TokenGateway(cluster, installation);
    gateway.make(provider);
    ovpn = installation.ovpn(NAMESPACE, "people");
    assertThat(ovpn).contains("\nauth-user-pass\n").doesNotContain("<cert>", "<key>");
    alice = VpnClient.ofLongPasswords();
  }

  @AfterAll
  static void remove() throws Exception {
    for (AutoCloseable machine : new AutoCloseable[] {alice, provider}) {
      if (machine != null) {
        machine.close();
      }
    }
    cluster.kubectl("delete", "namespace", NAMESPACE, "--timeout=90s");
  }

  @Test
  @Order(1)
  void givenAToken_whenAStockClientSendsIt_thenThePersonIsInBesideOneWithACertificate() {
    String token = token(IdentityProvider.VPN, "bob");
    assertThat(token.length()).as("what a stock client can send").isLessThan(1600);

    try (VpnClient bob = new VpnClient().connectAs(ovpn, "bob", token);
        VpnClient frank = new VpnClient().connect(installation.ovpn(NAMESPACE, "frank"))) {
      gateway.reachesTheWorkload(bob);
      gateway.reachesTheWorkload(frank);
      assertThat(gateway.audit()).contains("\"user\":\"bob\"").contains("\"method\":\"OIDC\"");
    }
  }

  @Test
  @Order(2)
  void givenATokenOfSixKilobytes_whenAnAzureLikeClientSendsIt_thenThePersonIsIn() {
    String token = token(IdentityProvider.VPN, "carol");
    assertThat(token.length()).isGreaterThan(3500);

    try (VpnClient carol = VpnClient.ofLongPasswords().connectAs(ovpn, "AzureAD", token)) {
      gateway.reachesTheWorkload(carol);
    }
  }

  @Test
  @Order(3)
  void givenTokensThatAreNotForThisGateway_whenSent_thenEachPersonIsTold() {
    String good = token(IdentityProvider.VPN, "alice");
    refused("correct horse battery staple", "asks for an access token as the password");
    refused(token(IdentityProvider.OTHER, "alice"), "is for another application than this gateway");
    refused(
        provider.token(alice, IdentityProvider.STRANGERS, IdentityProvider.VPN, "alice"),
        "is not signed by this gateway's issuer");
    refused(good.substring(0, good.length() - 8) + "AAAAAAAA", "is not signed by");
    refused(
        "eyJhbGciOiJub25lIn0" + good.substring(good.indexOf('.'), good.lastIndexOf('.') + 1),
        "none that it takes");
    refused(
        ForgedTokens.signedWithThePublicKey(good, provider.keys(alice, IdentityProvider.CORP)),
        "none that it takes");
    refused(ForgedTokens.naming("../../../../dev/null", good), "is not signed by");
  }

  @Test
  @Order(4)
  void givenTokensThatExpire_whenOneIsFreshAtTheRenewal_thenThatSessionGoesOnAndTheOtherEnds() {
    // openvpn looks at what became of a renewal every 15 s, so two are farther apart
    String renewing = ovpn + "\nreneg-sec 20\n";
    Instant from = Instant.now();
    try (VpnClient bob = new VpnClient();
        VpnClient dora = new VpnClient()) {
      dora.connectAs(renewing + "auth-nocache\n", "alice", token(IdentityProvider.SHORT, "alice"));
      dora.credentials("alice", token(IdentityProvider.VPN, "alice"));
      String his = token(IdentityProvider.SHORT, "bob");
      bob.connectAs(renewing, "bob", his);
      await(
          "the end of the session",
          70,
          () -> bob.log().contains("AUTH_FAILED,Your login has expired"));
      assertThat(Duration.between(from, Instant.now()))
          .isBetween(
              IdentityProvider.SHORT_LIFE.minusSeconds(2),
              IdentityProvider.SHORT_LIFE.plusSeconds(20));

      assertThat(dora.log().split("Initialization Sequence Completed", -1)).hasSize(2);
      gateway.reachesTheWorkload(dora);
      refused(his, "has expired");
    }
  }

  @Test
  @Order(5)
  void givenAProviderThatHangsAndComesAndGoes_whenTheAgentStartsAnew_thenWhoIsInStays() {
    String token = token(IdentityProvider.VPN, "bob");
    alice.connectAs(ovpn, "alice", token(IdentityProvider.VPN, "alice"));
    try (VpnClient bob = new VpnClient()) {
      provider.pause();
      try {
        // its keys are held
        bob.connectAs(ovpn, "bob", token);
        bob.hangUp();

        gateway.crashAgent();
        bob.dialAs(ovpn, "bob", token);
        await(
            "bob to be told",
            60,
            () -> bob.log().contains("This gateway cannot reach its identity provider"));
        await(
            "the status to say so",
            30,
            () -> gateway.issuerReachable().getReason().equals("IssuerAway"));
        gateway.reachesTheWorkload(alice);
      } finally {
        provider.resume();
      }
      await("bob to be in", 90, () -> bob.log().contains("Initialization Sequence Completed"));
      gateway.reachesTheWorkload(bob);
      await(
          "the status to take it back",
          30,
          () -> gateway.issuerReachable().getReason().equals("IssuerAnswers"));
      for (int turn = 0; turn < 3; turn++) {
        provider.pause();
        try {
          bob.hangUp();
          // keys that were had once serve on
          bob.connectAs(ovpn, "bob", token);
          gateway.reachesTheWorkload(alice);
        } finally {
          provider.resume();
        }
      }
    }
    assertThat(alice.log().split("Initialization Sequence Completed", -1)).hasSize(2);
    alice.hangUp();
  }

  @Test
  @Order(6)
  void givenAnotherAudience_whenAccepted_thenSessionsByTokenEndAtOnceAndOthersStay() {
    try (VpnClient frank = new VpnClient().connect(installation.ovpn(NAMESPACE, "frank"))) {
      alice.connectAs(ovpn, "alice", token(IdentityProvider.VPN, "alice"));
      gateway.patch("{\"spec\":{\"oidc\":{\"audience\":\"elsewhere\"}}}");
      Instant accepted = Instant.now();
      await("the end of the session", 20, () -> alice.log().contains("AUTH_FAILED,"));
      assertThat(alice.log()).contains("for another application");
      assertThat(Duration.between(accepted, Instant.now())).isLessThan(Duration.ofSeconds(10));
      assertThat(frank.log().split("Initialization Sequence Completed", -1)).hasSize(2);
      gateway.reachesTheWorkload(frank);
    } finally {
      gateway.patch("{\"spec\":{\"oidc\":{\"audience\":null}}}");
      installation.awaitReady(NAMESPACE, TokenGateway.GATEWAY);
    }
  }

  @Test
  @Order(7)
  void givenABlockedPerson_whenTheirTokenIsSentAgain_thenItIsRefused() {
    String token = token(IdentityProvider.VPN, "alice");
    alice.connectAs(ovpn, "alice", token);
    gateway.patch("{\"spec\":{\"blockedUsers\":[{\"user\":\"alice\"}]}}");
    try {
      await("the end of the session", 20, () -> alice.log().contains("AUTH_FAILED,"));
      assertThat(alice.log()).contains("is blocked");
      refused(token, "is blocked");
    } finally {
      gateway.patch("{\"spec\":{\"blockedUsers\":null}}");
    }
  }

  @Test
  @Order(8)
  void givenEachSubsetOfTheThreeWays_whenAllAreTried_thenEachLeadsInWhereItIsServedOnly() {
    String certificate = installation.ovpn(NAMESPACE, "frank");
    gateway.nameRadiusSecret();
    try (RadiusMachine radius = new RadiusMachine();
        VpnClient frank = new VpnClient();
        VpnClient bob = new VpnClient()) {
      for (Set<AuthenticationType> ways : SeedMatrix.subsets(AuthenticationType.class)) {
        if (ways.contains(AuthenticationType.EntraID)) {
          // the same code as OIDC, and never beside it
          continue;
        }
        gateway.letIn(ways, radius);

        frank.dial(certificate);
        bob.dialAs(ovpn, "bob", token(IdentityProvider.VPN, "bob"));
        alice.dialAs(ovpn, "alice", RadiusMachine.ALICE);

        comesIn(ways, AuthenticationType.Certificate, frank);
        comesIn(ways, AuthenticationType.OIDC, bob);
        comesIn(ways, AuthenticationType.RADIUS, alice);
        List.of(frank, bob, alice).forEach(VpnClient::hangUp);
      }
      // all three are served now
      refused("not her pass phrase", "The RADIUS server refuses this user name and password");
      refused(token(IdentityProvider.OTHER, "alice"), "is for another application");
    }
  }

  private static void comesIn(
      Set<AuthenticationType> ways, AuthenticationType way, VpnClient person) {
    String expected = ways.contains(way) ? "Initialization Sequence Completed" : REFUSED;
    try {
      await(
          way + " where " + ways + " are served",
          30,
          () -> Pattern.compile(expected).matcher(person.log()).find());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(e.getMessage() + "\n" + person.log() + gateway.audit(), e);
    }
    if (ways.contains(way)) {
      gateway.reachesTheWorkload(person);
    } else {
      assertThat(person.log()).doesNotContain("Initialization Sequence Completed");
    }
  }

  @Test
  @Order(9)
  void givenAllThat_whenEverythingThatIsWrittenIsSearched_thenNoTokenIsFound() {
    String written = WrittenTexts.of(cluster, NAMESPACE, TokenGateway.POD) + gateway.audit();

    assertThat(written).contains("\"event\":\"admitted\"", "p2s_admissions_total");
    assertThat(WrittenTexts.keys(cluster, NAMESPACE))
        .hasSizeGreaterThan(50)
        .noneMatch(written::contains);
    assertThat(tokens).hasSizeGreaterThan(10);
    for (String token : tokens) {
      for (String part : token.split("\\.")) {
        assertThat(written).doesNotContain(part);
      }
    }
  }

  private static String token(String client, String user) {
    String token = provider.token(alice, IdentityProvider.CORP, client, user);
    tokens.add(token);
    return token;
  }

  private static void refused(String password, String told) {
    alice.dialAs(ovpn, "alice", password);
    await("a refusal: " + told, 30, () -> alice.log().contains("AUTH_FAILED,"));
    assertThat(alice.log()).contains(told).doesNotContain("Initialization Sequence Completed");
  }

  private static void await(
      String what, int seconds, java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(Duration.ofSeconds(seconds))
        .pollInterval(Duration.ofMillis(200))
        .until(condition);
  }
}

package dev.p2s.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.openvpn.ManagementMessage.ClientEvent;
import dev.p2s.agent.openvpn.ManagementMessage.Kind;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.weblogin.BrowserIssuer;
import dev.p2s.agent.weblogin.PersonAtBrowser;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.dataplane.States;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long somebody stays who has logged in with a browser. BrowserLoginClusterIT sees packets. */
class BrowserRenewalTest {

  private static final Duration LIFE = Duration.ofSeconds(300);
  private static final Pattern ADDRESS = Pattern.compile("WEB_AUTH::(\\S+)");

  @TempDir Path directory;
  private final BlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
  private final BrowserIssuer issuer = new BrowserIssuer();
  private TestGateway gateway;

  @BeforeEach
  void begin() throws IOException {
    gateway = started();
  }

  @AfterEach
  void end() {
    gateway.web.close();
    gateway.tokens.close();
    issuer.close();
  }

  @Test
  void givenATokenThatEnds_whenTheIssuerRenewsIt_thenTheSessionGoesOnAgainAndAgain()
      throws Exception {
    Instant end = loggedIn("alice");
    pass(Duration.ofSeconds(200));
    assertThat(grants()).as("long before the end").containsExactly("authorization_code");

    issuer.rotates("second");
    issuer.grants(issuer.claims("alice", end.plus(LIFE)));
    pass(Duration.ofSeconds(50));
    awaitUntil(end.plus(LIFE));
    assertThat(issuer.asked().getLast()).containsEntry("refresh_token", "r3fresh");
    pass(Duration.ofSeconds(60));
    assertThat(gateway.now()).isAfter(end);
    assertThat(gateway.table.all()).hasSize(1);

    issuer.grants(issuer.claims("alice", end.plus(LIFE).plus(LIFE)));
    pass(Duration.ofSeconds(240));
    awaitUntil(end.plus(LIFE).plus(LIFE));
    assertThat(issuer.asked().getLast()).as("rotated").containsEntry("refresh_token", "second");
    pass(LIFE);
    assertThat(gateway.table.all()).hasSize(1);
  }

  @Test
  void givenARenewedLogin_whenTheClientDialsAgainAfterItsFirstToken_thenNobodyIsAsked()
      throws Exception {
    Instant end = loggedIn("alice");
    String pass = word("auth-token");
    issuer.grants(issuer.claims("alice", end.plus(LIFE)));
    pass(Duration.ofSeconds(250));
    awaitUntil(end.plus(LIFE));
    pass(Duration.ofSeconds(60));

    gateway.door.event(TestGateway.SLOT, TestGateway.login(Kind.DISCONNECT, 7, "-1", "alice", ""));
    gateway.door.event(TestGateway.SLOT, TestGateway.login(Kind.CONNECT, 8, "1", "alice", pass));
    gateway.policy.flush();

    awaitUntil(end.plus(LIFE));
  }

  @Test
  void givenALongestSession_whenTheIssuerWouldGoOnRenewing_thenThePersonLogsInAgainAllTheSame()
      throws Exception {
    gateway.follow(state().longestSessionSeconds(400).build());
    Instant latest = gateway.now().plusSeconds(400);
    Instant end = loggedIn("alice");
    String pass = word("auth-token");
    issuer.grants(issuer.claims("alice", end.plus(LIFE)));
    pass(Duration.ofSeconds(250));
    awaitUntil(latest);

    pass(Duration.ofSeconds(151));

    assertThat(gateway.table.all()).isEmpty();
    gateway.door.event(TestGateway.SLOT, TestGateway.login(Kind.CONNECT, 8, "1", "alice", pass));
    gateway.policy.flush();
    assertThat(gateway.happened.getLast()).contains("LOGIN_EXPIRED");
  }

  @Test
  void givenAnIssuerThatRenewsNoMore_whenTheTokenEnds_thenTheSessionDoesAndNobodyAsksAgain()
      throws Exception {
    Instant end = loggedIn("alice");
    issuer.answers(400);
    pass(Duration.ofSeconds(250));
    awaitNothingKept();
    pass(Duration.ofSeconds(30));
    assertThat(gateway.table.all()).as("until the end of the token").hasSize(1);

    pass(Duration.ofSeconds(30));

    assertThat(gateway.now()).isAfter(end);
    assertThat(gateway.table.all()).isEmpty();
    assertThat(issuer.asked()).hasSize(2);
  }

  @Test
  void givenAnIssuerThatIsAway_whenItIsBackBeforeTheEnd_thenTheSessionGoesOn() throws Exception {
    Instant end = loggedIn("alice");
    issuer.answers(503);
    pass(Duration.ofSeconds(245));
    await(() -> issuer.asked().size() == 2);
    pass(Duration.ofSeconds(5));
    assertThat(issuer.asked()).as("not at once again").hasSize(2);

    issuer.answers(200);
    issuer.grants(issuer.claims("alice", end.plus(LIFE)));
    pass(Duration.ofSeconds(15));

    awaitUntil(end.plus(LIFE));
  }

  @Test
  void givenATokenOfSomebodyElse_whenItComesBack_thenItRenewsNothing() throws Exception {
    Instant end = loggedIn("alice");
    issuer.grants(issuer.claims("mallory", end.plus(LIFE)));
    pass(Duration.ofSeconds(250));
    awaitNothingKept();
    pass(Duration.ofSeconds(60));

    assertThat(gateway.table.all()).isEmpty();
    assertThat(issuer.asked()).hasSize(2);
  }

  @Test
  void givenAnAgentThatIsStartedAnew_whenATokenEnds_thenItRenewsIt() throws Exception {
    Instant end = loggedIn("alice");
    gateway.web.close();
    gateway.tokens.close();
    gateway = started();
    issuer.grants(issuer.claims("alice", end.plus(LIFE)));

    pass(Duration.ofSeconds(250));

    awaitUntil(end.plus(LIFE));
  }

  @Test
  void givenSomebodyWhoMayNotComeIn_whenTheyHaveLoggedIn_thenNothingOfTheirsIsKept()
      throws Exception {
    gateway.follow(state().blocked(List.of("alice")).build());

    assertThat(page("alice", gateway.now().plus(LIFE))).contains("is blocked");

    assertThat(gateway.table.all()).isEmpty();
    assertThat(kept()).isEmpty();
  }

  private TestGateway started() throws IOException {
    TestGateway made = new TestGateway(directory, List.of(), loop::add);
    made.follow(state().build());
    return made;
  }

  private States state() {
    return States.gateway()
        .pools("10.8.0.0/24")
        .limit(10)
        .authentications(AuthenticationType.OIDC)
        .tokenIssuer(issuer.issuer());
  }

  /** Somebody is in by a browser; when their token ends. */
  private Instant loggedIn(String user) throws Exception {
    Instant end = gateway.now().plus(LIFE);
    assertThat(page(user, end)).contains("You are connected");
    assertThat(gateway.table.all()).hasSize(1);
    return end;
  }

  /** What somebody's browser shows in the end. */
  private String page(String user, Instant end) throws Exception {
    ClientEvent event = TestGateway.login(Kind.CONNECT, 7, "1", "", "");
    Map<String, String> environment = new HashMap<>(event.environment());
    environment.put("IV_SSO", "webauth");
    gateway.door.event(TestGateway.SLOT, new ClientEvent(event.kind(), 7, 1, environment));
    gateway.policy.flush();
    Matcher told = ADDRESS.matcher(String.join("", gateway.happened));
    assertThat(told.find()).as("an address in %s", gateway.happened).isTrue();
    CompletableFuture<String> page =
        CompletableFuture.supplyAsync(
            () -> PersonAtBrowser.logIn(gateway.web, issuer, told.group(1), user, end),
            // the common pool is what HTTP clients answer by
            work -> Thread.ofVirtual().start(work));
    await(page::isDone);
    return page.get();
  }

  /** What the client was pushed under a name. */
  private String word(String name) {
    Matcher pushed =
        Pattern.compile("push \"" + name + " (\\S+)\"").matcher(String.join("", gateway.happened));
    assertThat(pushed.find()).as("%s in %s", name, gateway.happened).isTrue();
    return pushed.group(1);
  }

  private void pass(Duration time) {
    gateway.pass(time);
    gateway.browsers.tick();
    gateway.policy.tick();
    gateway.policy.flush();
  }

  private List<String> grants() {
    return issuer.asked().stream().map(form -> form.get("grant_type")).toList();
  }

  /** Nothing is left to renew a login with. */
  private void awaitNothingKept() {
    await(() -> kept().isEmpty());
  }

  private List<Path> kept() throws IOException {
    Path tokens = directory.resolve("refresh");
    if (!Files.isDirectory(tokens)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(tokens)) {
      return files.toList();
    }
  }

  private void awaitUntil(Instant end) {
    await(
        () ->
            gateway.table.all().stream()
                .map(Session::credential)
                .allMatch(credential -> credential.until().orElseThrow().equals(end)));
    assertThat(gateway.table.all()).hasSize(1);
  }

  /** Runs what comes to the agent's loop until something is so. */
  private void await(Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .pollInSameThread()
        .until(
            () -> {
              for (Runnable next = loop.poll(); next != null; next = loop.poll()) {
                next.run();
              }
              gateway.policy.flush();
              return condition.call();
            });
  }
}

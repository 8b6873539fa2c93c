package dev.p2s.agent.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.p2s.agent.session.RevocationLists;
import dev.p2s.dataplane.AgentReport.RevocationList;
import dev.p2s.dataplane.AgentReport.RevocationList.Freshness;
import dev.p2s.dataplane.GatewayState.TrustedRoot;
import dev.p2s.dataplane.RevocationSource;
import dev.p2s.dataplane.States;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.CertificateRevocationList;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import dev.p2s.pki.SignedLists;
import dev.p2s.pki.Thumbprint;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real HTTP server on the loopback, and a clock that the test holds in its hands. */
class ListKeeperTest {

  private static final BigInteger LOST = BigInteger.valueOf(4711);
  private static final CertificateAuthority ROOT =
      CertificateAuthority.selfSigned(
          "Corp root", KeyKind.EC_P256, Duration.ofDays(30), Instant.now(), new SecureRandom());
  private static final String SHA256 = Thumbprint.sha256(ROOT.certificate()).hex();

  @TempDir private Path directory;
  private final LinkedBlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
  private final AtomicInteger asked = new AtomicInteger();
  private Instant now = Instant.now();
  private HttpServer server;
  private int status = 200;
  private byte[] served = new byte[0];
  private RevocationLists told = RevocationLists.NONE;
  private ListKeeper keeper;

  @BeforeEach
  void begin() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          exchange.sendResponseHeaders(status, served.length == 0 ? -1 : served.length);
          exchange.getResponseBody().write(served);
          exchange.close();
        });
    server.start();
    keeper = keeper();
  }

  @AfterEach
  void end() {
    keeper.close();
    server.stop(0);
  }

  @Test
  void givenAListThatIsServed_whenFollowed_thenItCountsAndItsSuccessorBeforeItEnds() {
    serve(now.plus(Duration.ofMinutes(4)));
    follow();
    settle();

    assertThat(revoked(LOST)).isFalse();
    assertThat(report().freshness()).isEqualTo(Freshness.FRESH);
    assertThat(report().signer()).isEqualTo("CN=Corp root");
    assertThat(report().problem()).isEmpty();

    pass(Duration.ofSeconds(119));
    keeper.tick();
    assertThat(asked).hasValue(1);

    serve(now.plus(Duration.ofMinutes(4)), LOST);
    pass(Duration.ofSeconds(2));
    keeper.tick();
    settle();
    assertThat(revoked(LOST)).isTrue();
    assertThat(report().revoked()).isEqualTo(1);
  }

  @Test
  void givenAnOutage_whenTheListEnds_thenItIsKeptAndSaidToBeStaleUntilTheNextOneComes() {
    serve(now.plus(Duration.ofMinutes(20)), LOST);
    follow();
    settle();

    status = 503;
    Instant since = pass(Duration.ofMinutes(6));
    keeper.tick();
    settle();
    assertThat(report().freshness()).isEqualTo(Freshness.FRESH);
    assertThat(report().problem()).contains("answers 503");
    assertThat(report().failingSince()).isEqualTo(since);

    pass(Duration.ofMinutes(15));
    assertThat(report().freshness()).isEqualTo(Freshness.STALE);
    assertThat(revoked(LOST)).isTrue();

    status = 200;
    serve(now.plus(Duration.ofHours(1)), LOST);
    keeper.tick();
    settle();
    assertThat(report().freshness()).isEqualTo(Freshness.FRESH);
    assertThat(report().problem()).isEmpty();
    assertThat(report().failingSince()).isNull();
  }

  @Test
  void givenAnAgentThatIsStartedAnewInAnOutage_whenItFollows_thenTheListIsThereAtOnce() {
    serve(now.plus(Duration.ofDays(1)), LOST);
    follow();
    settle();
    keeper.close();
    server.stop(0);

    keeper = keeper();
    told = RevocationLists.NONE;
    follow();

    assertThat(revoked(LOST)).isTrue();
    assertThat(report().freshness()).isEqualTo(Freshness.FRESH);
  }

  @Test
  void givenAnOlderListComes_whenSomebodyWasTakenBackMeanwhile_thenItDoesNotCount() {
    byte[] before =
        SignedLists.of(ROOT, now.minus(Duration.ofHours(2)), now.plus(Duration.ofDays(1)));
    serve(now.plus(Duration.ofDays(1)), LOST);
    follow();
    settle();

    served = before;
    pass(Duration.ofMinutes(6));
    keeper.tick();
    settle();

    assertThat(revoked(LOST)).isTrue();
    assertThat(report().problem()).contains("older than the one that counts");
  }

  @Test
  void givenNothingThatCounts_whenFollowed_thenItIsMissingAndAskedForAgainEverLater() {
    served = "<html>sign in</html>".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    follow();
    settle();
    assertThat(report().freshness()).isEqualTo(Freshness.MISSING);
    assertThat(report().problem()).contains("is no certificate revocation list");

    for (int seconds : List.of(10, 20, 40)) {
      pass(Duration.ofSeconds(seconds - 1));
      int before = asked.get();
      keeper.tick();
      assertThat(asked).hasValue(before);
      pass(Duration.ofSeconds(1));
      keeper.tick();
      settle();
      assertThat(asked).hasValue(before + 1);
    }
  }

  @Test
  void givenMoreThanAListMayHave_whenServed_thenItIsNotRead() {
    served = new byte[CertificateRevocationList.LIMIT + 1];
    follow();
    settle();

    assertThat(report().freshness()).isEqualTo(Freshness.MISSING);
    assertThat(report().problem()).isNotEmpty();
  }

  @Test
  void givenARootThatIsNoLongerChecked_whenFollowed_thenItsListIsForgotten() {
    serve(now.plus(Duration.ofDays(1)), LOST);
    follow();
    settle();

    keeper.follow(States.gateway().build());

    assertThat(told.byRoot()).isEmpty();
    assertThat(keeper.report()).isEmpty();
  }

  @Property(tries = 200)
  void givenAnyTimes_whenTheNextAttemptIsPlanned_thenItIsSoonAndNeverAtOnce(
      @ForAll @LongRange(min = -100_000, max = 10_000_000) long ends,
      @ForAll @IntRange(min = 1, max = 1_000_000) int failures) {
    Instant start = Instant.EPOCH;
    for (Instant next :
        List.of(
            FetchTimes.afterSuccess(start, start.plusSeconds(ends)),
            FetchTimes.afterFailure(start, failures))) {
      assertThat(next).isBetween(start.plus(FetchTimes.SHORTEST), start.plus(FetchTimes.LONGEST));
    }
  }

  private ListKeeper keeper() {
    Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    return new ListKeeper(directory, new HttpListSource(), clock, loop::add, lists -> told = lists);
  }

  private void follow() {
    keeper.follow(
        States.gateway()
            .checkedRoots(
                new TrustedRoot(
                    "corp",
                    SHA256,
                    Pem.certificate(ROOT.certificate()),
                    List.of(),
                    new RevocationSource(
                        List.of("http://127.0.0.1:" + server.getAddress().getPort() + "/root.crl"),
                        true)))
            .build());
  }

  private void serve(Instant nextUpdate, BigInteger... serials) {
    served = SignedLists.of(ROOT, now, nextUpdate, serials);
  }

  private Instant pass(Duration time) {
    now = now.plus(time);
    return now;
  }

  private boolean revoked(BigInteger serial) {
    return told.byRoot().get(SHA256).revoked().contains(serial);
  }

  private RevocationList report() {
    return keeper.report().getFirst();
  }

  /** Waits for the attempt that is under way. */
  private void settle() {
    try {
      Runnable outcome = loop.poll(30, TimeUnit.SECONDS);
      assertThat(outcome).as("an attempt's outcome").isNotNull();
      outcome.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

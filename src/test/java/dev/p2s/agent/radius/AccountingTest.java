package dev.p2s.agent.radius;

import static dev.p2s.agent.radius.TestAccounts.awaitAccounts;
import static dev.p2s.agent.radius.TestAccounts.cause;
import static dev.p2s.agent.radius.TestAccounts.number;
import static dev.p2s.agent.radius.TestAccounts.status;
import static dev.p2s.agent.radius.TestAccounts.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.session.AccountingTerms;
import dev.p2s.agent.session.Ending;
import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.SessionTraffic;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.RadiusSpec.PasswordProtocol;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.ConfiguredRadiusServer;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.StateSecret;
import dev.p2s.dataplane.States;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.aaa4j.radius.core.attribute.attributes.AcctAuthentic;
import org.aaa4j.radius.core.attribute.attributes.AcctDelayTime;
import org.aaa4j.radius.core.attribute.attributes.AcctInputGigawords;
import org.aaa4j.radius.core.attribute.attributes.AcctInputOctets;
import org.aaa4j.radius.core.attribute.attributes.AcctOutputGigawords;
import org.aaa4j.radius.core.attribute.attributes.AcctOutputOctets;
import org.aaa4j.radius.core.attribute.attributes.AcctSessionId;
import org.aaa4j.radius.core.attribute.attributes.AcctSessionTime;
import org.aaa4j.radius.core.attribute.attributes.CallingStationId;
import org.aaa4j.radius.core.attribute.attributes.FramedIpAddress;
import org.aaa4j.radius.core.attribute.attributes.NasIdentifier;
import org.aaa4j.radius.core.attribute.attributes.NasPortType;
import org.aaa4j.radius.core.attribute.attributes.UserName;
import org.aaa4j.radius.core.packet.Packet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What servers are told of sessions (RFC 2866), and what becomes of it while they are away. */
class AccountingTest {

  private static final int START = 1;
  private static final int STOP = 2;
  private static final int INTERIM = 3;
  private static final long GIGAWORD = 1L << 32;
  private static final SessionTraffic.Passed NOTHING = SessionTraffic.Passed.NOTHING;

  @TempDir Path directory;

  private final List<AutoCloseable> open = new ArrayList<>();
  private volatile Instant now = TestLogins.NOW;
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
  private TestRadiusServer first;
  private TestRadiusServer second;
  private Accounting accounting;

  @BeforeEach
  void twoServers() throws Exception {
    first = server();
    second = server();
    accounting = accounting(first, second);
  }

  @AfterEach
  void theEnd() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  @Test
  void givenASession_whenItBegins_thenItsStartIsToldWithWhatTheLoginSaid() {
    accounting.began(session("a1", new AccountingTerms(List.of(base64("c1"), base64("c2")), null)));

    Packet start = awaitAccounts(first, 1).getFirst();
    assertThat(status(start)).isEqualTo(START);
    assertThat(text(start, AcctSessionId.class)).isEqualTo("a1");
    assertThat(text(start, UserName.class)).isEqualTo("alice");
    assertThat(text(start, NasIdentifier.class)).isEqualTo("vpn/office");
    assertThat(text(start, CallingStationId.class)).isEqualTo("192.0.2.7");
    assertThat(start.getAttribute(FramedIpAddress.class).orElseThrow().getData().getValue())
        .hasToString("/10.8.0.9");
    assertThat(start.getAttribute(NasPortType.class).orElseThrow().getData().getValue())
        .isEqualTo(5);
    assertThat(start.getAttribute(AcctAuthentic.class).orElseThrow().getData().getValue())
        .isEqualTo(1);
    assertThat(start.getAttributes(org.aaa4j.radius.core.attribute.attributes.Class.class))
        .extracting(each -> new String(each.getData().getValue(), StandardCharsets.UTF_8))
        .containsExactly("c1", "c2");
    assertThat(start.getAttribute(AcctInputOctets.class)).isEmpty();
  }

  @Test
  void givenMoreThanFourGigabytes_whenASessionEnds_thenItsStopTellsAllOfThemAndWhy() {
    Session session = session("a1", AccountingTerms.NONE);
    accounting.began(session);
    now = now.plusSeconds(90);
    accounting.ended(
        session,
        new SessionTraffic.Passed(
            new SessionTraffic.Bytes(2 * GIGAWORD + 7, 3_000_000_000L), NOTHING.packets()),
        Ending.DISCONNECTED,
        Optional.empty());

    Packet stop = awaitAccounts(first, 2).getLast();
    assertThat(status(stop)).isEqualTo(STOP);
    assertThat(number(stop, AcctInputGigawords.class)).isEqualTo(2);
    assertThat(number(stop, AcctInputOctets.class)).isEqualTo(7);
    assertThat(number(stop, AcctOutputGigawords.class)).isZero();
    assertThat(number(stop, AcctOutputOctets.class)).isEqualTo(3_000_000_000L);
    assertThat(number(stop, AcctSessionTime.class)).isEqualTo(90);
    assertThat(cause(stop)).isEqualTo(1);
  }

  @Test
  void givenALoginThatIsOver_whenTheSessionEnds_thenTheCauseIsItsTimeout() {
    accounting.ended(
        session("a1", AccountingTerms.NONE),
        NOTHING,
        Ending.REFUSED,
        Optional.of(new Refusal(Refusal.Reason.LOGIN_EXPIRED, "Log in again.")));
    accounting.ended(
        session("a2", AccountingTerms.NONE),
        NOTHING,
        Ending.REFUSED,
        Optional.of(new Refusal(Refusal.Reason.USER_BLOCKED, "Blocked.")));

    assertThat(awaitAccounts(first, 2)).extracting(TestAccounts::cause).contains(5, 6);
  }

  @Test
  void givenAnIntervalFromTheServer_whenItHasPassed_thenTheSessionIsToldOfOnceEach() {
    Session session = session("a1", new AccountingTerms(List.of(), 90));
    SessionTraffic traffic = new SessionTraffic((protocol, in, out) -> {});
    accounting.began(session);
    traffic.count(session, 1000, 2000);
    accounting.tick(List.of(session), traffic);
    awaitAccounts(first, 1);

    now = now.plusSeconds(90);
    accounting.tick(List.of(session), traffic);
    accounting.tick(List.of(session), traffic);
    Packet interim = awaitAccounts(first, 2).getLast();
    now = now.plusSeconds(89);
    accounting.tick(List.of(session), traffic);

    assertThat(status(interim)).isEqualTo(INTERIM);
    assertThat(number(interim, AcctInputOctets.class)).isEqualTo(1000);
    assertThat(number(interim, AcctOutputOctets.class)).isEqualTo(2000);
    assertThat(first.accounts).hasSize(2);
  }

  @Test
  void givenAnIntervalTooShort_whenASessionIsThere_thenItIsToldOfOnceAMinuteAtMost() {
    Session session = session("a1", new AccountingTerms(List.of(), 1));
    accounting.began(session);
    awaitAccounts(first, 1);
    now = now.plusSeconds(59);
    accounting.tick(List.of(session), new SessionTraffic((protocol, in, out) -> {}));
    now = now.plusSeconds(1);
    accounting.tick(List.of(session), new SessionTraffic((protocol, in, out) -> {}));

    assertThat(number(awaitAccounts(first, 2).getLast(), AcctSessionTime.class)).isEqualTo(60);
  }

  @Test
  void givenALostRequest_whenSentAgainAsItIs_thenItKeepsItsIdentifier() {
    first.ignoringAccounts(1);

    accounting.began(session("a1", AccountingTerms.NONE));

    List<Packet> sent = awaitAccounts(first, 2);
    assertThat(sent.getFirst().getReceivedFields().getIdentifier())
        .isEqualTo(sent.getLast().getReceivedFields().getIdentifier());
    assertThat(sent.getFirst().getReceivedFields().getAuthenticator())
        .isEqualTo(sent.getLast().getReceivedFields().getAuthenticator());
    assertThat(second.accounts).isEmpty();
  }

  @Test
  void givenTheFirstServerIsSilent_whenASessionBegins_thenTheSecondIsToldAndAskedFirstForAWhile() {
    first.ignoringAccounts(Integer.MAX_VALUE);

    accounting.began(session("a1", AccountingTerms.NONE));
    awaitAccounts(second, 1);
    int heard = first.accounts.size();
    accounting.began(session("a2", AccountingTerms.NONE));
    awaitAccounts(second, 2);

    assertThat(first.accounts).hasSize(heard);
    first.ignoringAccounts(0);
    now = now.plus(AccountingServers.AVOIDED);
    accounting.began(session("a3", AccountingTerms.NONE));
    assertThat(text(awaitAccounts(first, heard + 1).getLast(), AcctSessionId.class))
        .isEqualTo("a3");
  }

  @Test
  void givenNobodyTakesAccounting_whenTheAgentStartsAgain_thenAllIsToldInOrderAndHowLateItIs()
      throws Exception {
    first.close();
    second.close();
    Session session = session("a1", AccountingTerms.NONE);
    long before = System.nanoTime();
    accounting.began(session);
    accounting.ended(session, NOTHING, Ending.DISCONNECTED, Optional.empty());
    assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(1));
    accounting.tick(List.of(), new SessionTraffic((protocol, in, out) -> {}));
    accounting.close();

    now = now.plusSeconds(42);
    TestRadiusServer back = server();
    accounting(back);

    List<Packet> told = awaitAccounts(back, 2);
    assertThat(told).extracting(TestAccounts::status).containsExactly(START, STOP);
    assertThat(number(told.getFirst(), AcctDelayTime.class)).isEqualTo(42);
  }

  @Test
  void givenAGatewayWithoutAccounting_whenASessionComesAndGoes_thenNobodyIsTold() throws Exception {
    TestRadiusServer asked = server();
    Accounting silent = accounting(false, asked);
    Session session = session("a1", AccountingTerms.NONE);

    silent.began(session);
    silent.ended(session, NOTHING, Ending.DISCONNECTED, Optional.empty());
    silent.close();

    assertThat(asked.accounts).isEmpty();
  }

  private TestRadiusServer server() throws Exception {
    TestRadiusServer server = new TestRadiusServer(0);
    open.add(server);
    return server;
  }

  private Accounting accounting(TestRadiusServer... servers) {
    return accounting(true, servers);
  }

  private Accounting accounting(boolean asked, TestRadiusServer... servers) {
    RadiusServers followed = new RadiusServers(clock, new SecureRandom());
    followed.follow(state(asked, servers));
    Accounting made =
        new Accounting(directory.resolve("accounting.json"), followed, clock, new SecureRandom());
    made.start();
    made.follow();
    open.add(followed);
    open.add(made);
    return made;
  }

  private static StateBundle state(boolean accounting, TestRadiusServer... servers) {
    List<ConfiguredRadiusServer> list = new ArrayList<>();
    Map<String, String> entries = new TreeMap<>();
    for (int i = 0; i < servers.length; i++) {
      String entry = StateSecret.radiusSecret(i);
      int port = servers[i].port();
      list.add(new ConfiguredRadiusServer("127.0.0.1", 30 - i, port, port, entry));
      entries.put(entry, Base64.getEncoder().encodeToString(TestRadiusServer.SECRET));
    }
    return new StateBundle(
        States.gateway()
            .authentications(AuthenticationType.RADIUS)
            .radius(
                new GatewayState.Radius(list, 1, "vpn/office", PasswordProtocol.PAP, accounting))
            .build(),
        "",
        entries);
  }

  private Session session(String id, AccountingTerms terms) {
    return new Session(
        id,
        new Person(AuthenticationType.RADIUS, "alice", List.of(), null, null, null, terms),
        "192.0.2.7:4711",
        TunnelAddress.parse("10.8.0.9"),
        now.toEpochMilli(),
        new Session.Seat(TunnelType.OpenVPN, new ProcessSlot(0), "12@1000", 3),
        null);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}

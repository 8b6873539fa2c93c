package dev.p2s.agent;

import dev.p2s.agent.ikev2.Ikev2Gateway;
import dev.p2s.agent.kernel.KernelGate;
import dev.p2s.agent.openvpn.ServerDirectory;
import dev.p2s.agent.openvpn.SubjectHashes;
import dev.p2s.agent.radius.RadiusServers;
import dev.p2s.agent.report.ReportFactory;
import dev.p2s.agent.revocation.HttpListSource;
import dev.p2s.agent.revocation.ListKeeper;
import dev.p2s.agent.session.Authenticator;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.agent.state.LastGoodState;
import dev.p2s.agent.state.MountedState;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.agent.state.StateCandidate;
import dev.p2s.agent.weblogin.WebLogins;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.AgentReportBuilder;
import dev.p2s.dataplane.LastAddress;
import dev.p2s.dataplane.RefusedAttempt;
import dev.p2s.dataplane.SessionWord;
import dev.p2s.dataplane.SkuColumn;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The agent of one gateway pod. Neither its start nor its end touches a server or a session: it
 * finds both beside it and takes them up.
 */
public final class GatewayAgent implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(GatewayAgent.class);

  private final AgentConfiguration configuration;
  private final Clock clock;
  private final LastGoodState lastGood;
  private final MountedState mounted;
  private final SessionTable table;
  private final PolicyPoint policy;
  private final ListKeeper lists;
  private final PasswordLogins logins;
  private final PodShares shares;
  private final RefusedAttempts attempts;
  private final AwaitedAddresses awaited;
  private final OpenVpnSide openVpn;
  private final Ikev2Gateway charon;
  private final Ikev2Door ikev2;
  private final RadiusSide radius;
  private final SstpGateway sstp;
  private final Programming programming;
  private final Vacancies vacancies;
  private final Shaping shaping;
  private final OperatorsWord operator;
  private final Drain drain;
  private final Departure departure;
  private final AgentMeters meters;
  private final AgentLoop loop;
  private final Consumer<AgentReport> onReport;
  private final Consumer<StateBundle> onState;

  private StateCandidate inForce;
  private String refusedState = "";
  private boolean kernelAdopted;
  private volatile AgentReport report;

  /**
   * @param ids makes session ids
   * @param radius the customer's RADIUS servers
   * @param authenticators ways of finding out who somebody is by a name and a password
   * @param web logins with a browser
   * @param onState told of every state that comes into force
   * @param onReport told of every change, on the agent's own thread
   */
  public GatewayAgent(
      AgentConfiguration configuration,
      KernelGate gate,
      AgentMeters meters,
      Clock clock,
      Supplier<String> ids,
      SecureRandom random,
      RadiusServers radius,
      List<Authenticator> authenticators,
      WebLogins web,
      Consumer<StateBundle> onState,
      Consumer<AgentReport> onReport) {
    this.configuration = configuration;
    this.clock = clock;
    this.meters = meters;
    this.onState = onState;
    this.onReport = onReport;
    this.lastGood = new LastGoodState(configuration.own().resolve("state.json"));
    this.mounted = new MountedState(configuration.mountedState());
    this.table = new SessionTable(configuration.own().resolve("sessions"));
    this.loop = new AgentLoop(this::settle, this::tick);
    this.shares = new PodShares(configuration.ordinal(), clock);
    this.attempts = new RefusedAttempts(ids, clock);
    this.awaited = new AwaitedAddresses(this::after, clock);
    SeatServers servers = new SeatServers();
    this.policy =
        new PolicyPoint(
            table,
            gate,
            servers,
            new AuditLog(configuration.gateway(), attempts),
            meters,
            clock,
            ids,
            shares,
            awaited);
    policy.tell(new DuplicateSessions(table, policy));
    this.logins = new PasswordLogins(authenticators, loop::post);
    this.openVpn =
        new OpenVpnSide(
            configuration, web, table, policy, logins, loop::post, this::steer, clock, random);
    servers.put(TunnelType.OpenVPN, new OpenVpnEvictor(openVpn.fleet()));
    this.programming =
        new Programming(
            configuration.own().resolve("server-sets.json"),
            new ServerDirectory(configuration.run(), configuration.serverScripts()),
            new SubjectHashes(),
            gate,
            openVpn.fleet(),
            configuration.node());
    this.charon =
        new Ikev2Gateway(configuration.run().resolve("charon"), loop::post, clock, random);
    this.ikev2 =
        new Ikev2Door(
            table,
            policy,
            charon,
            shares.of(SkuColumn.IKEV2_OPENVPN),
            new ReturningClients(awaited, table, shares, charon, this::after, clock),
            programming::charon,
            loop::post,
            clock);
    servers.put(TunnelType.IKEv2, ikev2);
    policy.reserve(charon::mayGive);
    this.lists =
        new ListKeeper(
            configuration.own().resolve("revocation"),
            new HttpListSource(),
            clock,
            loop::post,
            newer -> {
              policy.follow(newer);
              charon.follow(newer);
            });
    this.radius =
        new RadiusSide(
            configuration,
            radius,
            table,
            policy,
            ikev2,
            charon,
            openVpn.passes(),
            loop::post,
            clock,
            random);
    this.sstp =
        new SstpGateway(
            configuration.run(),
            table,
            policy,
            logins,
            radius,
            programming::sstp,
            loop::post,
            clock,
            random);
    servers.put(TunnelType.SSTP, sstp.door());
    this.vacancies = new Vacancies(programming, openVpn.fleet(), table, policy, clock);
    this.shaping = new Shaping(configuration.ordinal(), gate, meters);
    this.departure = new Departure(configuration.own(), shares, table, policy, servers, clock);
    this.operator = new OperatorsWord(table, policy, departure::hasRedirected);
    this.drain = new Drain(programming, openVpn.fleet(), table, policy, clock);
    this.report = ReportFactory.starting(configuration.pod());
  }

  /** Takes up what is there and begins to follow states. */
  public void start() throws IOException {
    table.load();
    departure.begin();
    programming.load();
    openVpn.start();
    radius.start();
    loop.start();
    loop.post(() -> lastGood.load().ifPresent(this::consider));
    loop.post(this::readMounted);
  }

  /** A version of the state Secret, as the API server tells it. */
  public void offer(Map<String, String> entries) {
    loop.post(
        () -> {
          try {
            consider(
                new StateCandidate(
                    StateBundle.of(entries), StateCandidate.Source.API, clock.instant()));
          } catch (IllegalArgumentException e) {
            refuseState(e);
          }
        });
  }

  /** Ends a session on the operator's word; false where this pod has none of that id. */
  public CompletableFuture<Boolean> end(String id, SessionWord word) {
    CompletableFuture<Boolean> found = new CompletableFuture<>();
    loop.post(() -> found.complete(operator.end(id, word)));
    return found;
  }

  /** From now on these addresses are known that people had at other pods. */
  public void offer(List<LastAddress> addresses) {
    loop.post(() -> awaited.follow(addresses));
  }

  /** Whom it turned away lately, oldest first; for any thread. */
  public List<RefusedAttempt> attempts() {
    return attempts.all();
  }

  /** The newest report. */
  public AgentReport report() {
    return report;
  }

  @Override
  public void close() {
    loop.close();
    openVpn.close();
    logins.close();
    charon.close();
    lists.close();
    sstp.close();
    radius.close();
  }

  private void consider(StateCandidate candidate) {
    if (!candidate.supersedes(inForce)) {
      return;
    }
    boolean same =
        inForce != null && inForce.bundle().entries().equals(candidate.bundle().entries());
    try {
      Programming.check(candidate.bundle());
    } catch (IllegalArgumentException e) {
      refuseState(e);
      return;
    }
    inForce = candidate;
    refusedState = "";
    if (same) {
      return;
    }
    LOG.infof("following %s from %s", candidate.bundle(), candidate.source());
    // Whoever is no longer welcome is out before anything else is done.
    lists.follow(candidate.bundle().state());
    policy.follow(candidate.bundle().state());
    radius.follow(candidate.bundle());
    openVpn.follow(candidate.bundle());
    ikev2.follow(candidate.bundle());
    policy.flush();
    try {
      lastGood.save(candidate);
    } catch (IOException e) {
      LOG.errorf("the state cannot be kept for a restart: %s", e.getMessage());
    }
    programming.follow(candidate.bundle());
    sstp.door().follow(candidate.bundle());
    onState.accept(candidate.bundle());
  }

  private void refuseState(IllegalArgumentException e) {
    if (!e.getMessage().equals(refusedState)) {
      LOG.errorf("a state cannot be followed, going on with the last one: %s", e.getMessage());
    }
    refusedState = e.getMessage();
  }

  private void readMounted() {
    if (inForce != null && inForce.source() == StateCandidate.Source.API) {
      return;
    }
    try {
      mounted.read().ifPresent(this::consider);
    } catch (IllegalArgumentException e) {
      refuseState(e);
    }
  }

  private void tick() {
    readMounted();
    programming.retry();
    if (!kernelAdopted && programming.bundle().isPresent()) {
      try {
        policy.adoptKernel();
        kernelAdopted = true;
      } catch (IOException e) {
        LOG.debugf("grants cannot be compared yet: %s", e.getMessage());
      }
    }
    vacancies.tick();
    openVpn.tick();
    policy.tick();
    lists.tick();
    logins.tick();
    ikev2.tick(clock.instant());
    sstp.door().tick(clock.instant());
    radius.tick();
    drain.tick();
    departure.tick();
  }

  /** After a batch: the kernel, the servers and the world are told. */
  private void settle() {
    policy.flush();
    programming
        .bundle()
        .ifPresent(bundle -> shaping.follow(bundle.state(), programming.configured()));
    String message =
        Stream.of(
                refusedState,
                programming.problem(),
                ikev2.problem(),
                sstp.door().problem(),
                shaping.problem())
            .filter(problem -> !problem.isEmpty())
            .findFirst()
            .orElse("");
    AgentReportBuilder told =
        ReportFactory.report(
            configuration.pod(), programming.bundle(), message, table.all(), policy.traffic());
    shares.tell(told, policy.state(), table.all());
    AgentReport next =
        told.esp(programming.esp().orElse(null))
            .revocationLists(lists.report())
            .radius(radius.reach())
            .issuer(logins.issuer().orElse(null))
            .claims(awaited.claims())
            .build();
    meters.state(table.size(), openVpn.fleet().live().size(), next.programmed());
    if (!next.equals(report)) {
      report = next;
      onReport.accept(next);
    }
  }

  private void after(Duration time, Runnable task) {
    CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS)
        .execute(() -> loop.post(task));
  }

  private void steer() {
    programming.steer();
  }
}

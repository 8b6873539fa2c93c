package dev.p2s.dataplane;

import dev.p2s.addressing.Cidr;
import dev.p2s.dataplane.ikev2.EspPlace;
import java.util.List;

/** Puts an {@link AgentReport} together; what is not said is as of a pod that has just started. */
public final class AgentReportBuilder {

  private final String pod;
  private long stateGeneration;
  private String stateHash = "";
  private boolean programmed;
  private String message = "";
  private Holding held;
  private boolean wantsMore;
  private List<AgentReport.Session> sessions = List.of();
  private EspPlace esp;
  private List<AgentReport.RevocationList> revocationLists = List.of();
  private AgentReport.Use sstp;
  private List<AgentReport.RadiusReach> radius = List.of();
  private AgentReport.IssuerReach issuer;
  private List<Cidr> claims = List.of();
  private List<Cidr> lacks = List.of();

  AgentReportBuilder(String pod) {
    this.pod = pod;
  }

  static AgentReportBuilder from(AgentReport report) {
    AgentReportBuilder builder =
        new AgentReportBuilder(report.pod())
            .state(report.stateGeneration(), report.stateHash())
            .message(report.message())
            .held(report.held(), report.wantsMore())
            .sessions(report.sessions())
            .esp(report.esp())
            .revocationLists(report.revocationLists())
            .sstp(report.sstp())
            .radius(report.radius())
            .issuer(report.issuer())
            .claims(report.claims())
            .lacks(report.lacks());
    builder.programmed = report.programmed();
    return builder;
  }

  /** The state that is in force. */
  public AgentReportBuilder state(long generation, String hash) {
    stateGeneration = generation;
    stateHash = hash;
    return this;
  }

  /** Servers and kernel follow the state. */
  public AgentReportBuilder programmed() {
    programmed = true;
    return this;
  }

  /** What keeps the state from being programmed, for a person. */
  public AgentReportBuilder message(String problem) {
    message = problem;
    return this;
  }

  /** What the pod can use at most of OpenVPN's and IKEv2's connections, and whether it lacks. */
  public AgentReportBuilder held(Holding holding, boolean more) {
    held = holding;
    wantsMore = more;
    return this;
  }

  public AgentReportBuilder sessions(List<AgentReport.Session> live) {
    sessions = live;
    return this;
  }

  /** Where the pod does ESP, or null. */
  public AgentReportBuilder esp(EspPlace place) {
    esp = place;
    return this;
  }

  public AgentReportBuilder revocationLists(List<AgentReport.RevocationList> lists) {
    revocationLists = lists;
    return this;
  }

  /** What is used of SSTP's connections; null where there are none. */
  public AgentReportBuilder sstp(AgentReport.Use use) {
    sstp = use;
    return this;
  }

  /** What was heard of RADIUS servers. */
  public AgentReportBuilder radius(List<AgentReport.RadiusReach> servers) {
    radius = servers;
    return this;
  }

  /** What is held of the access tokens' issuer; null where nobody logs in by tokens. */
  public AgentReportBuilder issuer(AgentReport.IssuerReach reach) {
    issuer = reach;
    return this;
  }

  /** Single addresses that people wait for who had them at another pod. */
  public AgentReportBuilder claims(List<Cidr> addresses) {
    claims = addresses;
    return this;
  }

  /** Ranges of pools of which somebody found no free address. */
  public AgentReportBuilder lacks(List<Cidr> ranges) {
    lacks = ranges;
    return this;
  }

  public AgentReport build() {
    return new AgentReport(
        AgentReport.SCHEMA,
        pod,
        stateGeneration,
        stateHash,
        programmed,
        message,
        held,
        wantsMore,
        sessions,
        esp,
        revocationLists,
        sstp,
        radius,
        issuer,
        claims,
        lacks);
  }
}

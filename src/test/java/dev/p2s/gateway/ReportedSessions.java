package dev.p2s.gateway;

import dev.p2s.dataplane.AgentReport;
import java.time.Instant;

/** Sessions as agents report them, of which only who and where matters. */
final class ReportedSessions {

  private ReportedSessions() {}

  static AgentReport.Session session(String user, String protocol, String address) {
    return new AgentReport.Session(
        user + protocol + address,
        user,
        "Certificate",
        protocol,
        "192.0.2.1:4711",
        address,
        Instant.EPOCH,
        "",
        0,
        0,
        "",
        null,
        0,
        0,
        "");
  }
}

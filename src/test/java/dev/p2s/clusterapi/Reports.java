package dev.p2s.clusterapi;

import dev.p2s.dataplane.AgentReport;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What agents tell, for tests. */
final class Reports {

  static final ResourceID OFFICE = new ResourceID("office", "vpn");
  static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private Reports() {}

  static Map<String, Optional<AgentReport>> pod(AgentReport.Session... sessions) {
    return Map.of("office-0", Optional.of(report(List.of(sessions))));
  }

  static Map<String, Optional<AgentReport>> silent() {
    return Map.of("office-0", Optional.empty());
  }

  static AgentReport report(List<AgentReport.Session> sessions) {
    return AgentReport.of("office-0").state(1, "").programmed().sessions(sessions).build();
  }

  static List<AgentReport.Session> sessions(int count) {
    return IntStream.range(0, count).mapToObj(i -> session(i, "user" + i)).toList();
  }

  static AgentReport.Session session(int number, String user) {
    return new AgentReport.Session(
        id(number),
        user,
        "Certificate",
        "OpenVPN",
        "192.0.2.1:" + (1024 + number % 60000),
        "10.8." + number / 250 + "." + (2 + number % 250),
        NOON.minusSeconds(90),
        "ab".repeat(32),
        1000,
        2000,
        "engineers",
        null,
        10,
        20,
        null);
  }

  static String id(int number) {
    return "%016x".formatted(number);
  }
}

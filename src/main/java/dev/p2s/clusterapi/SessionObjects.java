package dev.p2s.clusterapi;

import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.RefusedAttempt;
import dev.p2s.gateway.GatewayLabels;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Comparator;
import java.util.Map;
import java.util.regex.Pattern;

/** What agents tell, as objects of {@code live.p2s.dev}. */
final class SessionObjects {

  static final Comparator<ResourceID> BY_NAME =
      Comparator.comparing((ResourceID id) -> id.getNamespace().orElse(""))
          .thenComparing(ResourceID::getName);

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private SessionObjects() {}

  static LiveObject session(ResourceID gateway, String pod, AgentReport.Session session) {
    return new LiveObject(
        LiveKind.SESSION,
        gateway.getNamespace().orElse(""),
        session.id(),
        session.since(),
        labels(gateway, session.method(), session.protocol()),
        Map.ofEntries(
            Map.entry("gateway", gateway.getName()),
            Map.entry("pod", pod),
            Map.entry("user", text(session.user())),
            Map.entry("method", text(session.method())),
            Map.entry("protocol", text(session.protocol())),
            Map.entry("tunnelAddress", text(session.tunnelAddress())),
            Map.entry("tunnelIpv6Address", text(session.tunnelIpv6Address())),
            Map.entry("clientAddress", text(session.clientAddress())),
            Map.entry("group", text(session.group())),
            Map.entry("bytesIn", session.bytesIn()),
            Map.entry("bytesOut", session.bytesOut()),
            Map.entry("packetsIn", session.packetsIn()),
            Map.entry("packetsOut", session.packetsOut()),
            Map.entry("certificateSha256", text(session.certificateSha256())),
            Map.entry("since", session.since())));
  }

  static LiveObject attempt(ResourceID gateway, RefusedAttempt attempt) {
    return new LiveObject(
        LiveKind.ATTEMPT,
        gateway.getNamespace().orElse(""),
        attempt.id(),
        attempt.first(),
        labels(gateway, attempt.method(), attempt.protocol()),
        Map.ofEntries(
            Map.entry("gateway", gateway.getName()),
            Map.entry("user", text(attempt.user())),
            Map.entry("method", text(attempt.method())),
            Map.entry("protocol", text(attempt.protocol())),
            Map.entry("clientAddress", text(attempt.clientAddress())),
            Map.entry("certificateSha256", text(attempt.certificateSha256())),
            Map.entry("reason", text(attempt.reason())),
            Map.entry("said", text(attempt.said())),
            Map.entry("remedy", Remedy.of(attempt.reason())),
            Map.entry("count", attempt.count()),
            Map.entry("first", attempt.first()),
            Map.entry("last", attempt.last())));
  }

  static boolean differOnlyInTraffic(AgentReport.Session one, AgentReport.Session other) {
    return one.withoutTraffic().equals(other.withoutTraffic());
  }

  private static Map<String, String> labels(ResourceID gateway, String method, String protocol) {
    return Map.of(
        GatewayLabels.GATEWAY,
        gateway.getName(),
        "p2s.dev/method",
        text(method),
        "p2s.dev/protocol",
        text(protocol));
  }

  // what somebody calls themselves ends in terminals
  private static String text(String told) {
    return told == null ? "" : CONTROL.matcher(told).replaceAll("?");
  }
}

package dev.p2s.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.p2s.agent.session.Credential;
import dev.p2s.agent.session.Ending;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.SessionTraffic;
import dev.p2s.api.v1alpha1.TunnelType;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;

/** One JSON line for every decision, in the log category {@code dev.p2s.audit}; never a secret. */
final class AuditLog {

  private static final Logger AUDIT = Logger.getLogger("dev.p2s.audit");
  private static final int NAME_LIMIT = 200;

  private final ObjectMapper json = JsonMapper.builder().build();
  private final String gateway;
  private final RefusedAttempts attempts;

  /**
   * @param attempts remembers the last refusals
   */
  AuditLog(String gateway, RefusedAttempts attempts) {
    this.gateway = gateway;
    this.attempts = attempts;
  }

  void admitted(Session session) {
    write("admitted", session.seat().protocol(), line(session));
  }

  /**
   * @param credential what was shown, or null where nothing was
   * @param claimed the name that somebody without a credential gave, or empty
   */
  void refused(
      TunnelType protocol,
      Credential credential,
      String claimed,
      String clientAddress,
      Refusal refusal) {
    attempts.add(protocol, credential, claimed, clientAddress, refusal);
    Map<String, Object> line = new LinkedHashMap<>();
    if (credential != null) {
      who(line, credential);
    } else if (!claimed.isEmpty()) {
      line.put("claims", bounded(claimed));
    }
    line.put("from", clientAddress);
    reason(line, refusal);
    write("refused", protocol, line);
  }

  /**
   * @param passed the session's traffic
   * @param refusal why, or null where the client left or was asked to dial again
   */
  void ended(Session session, SessionTraffic.Passed passed, Ending how, Refusal refusal) {
    Map<String, Object> line = line(session);
    line.put("since", Instant.ofEpochMilli(session.sinceMillis()).toString());
    line.put("bytesIn", passed.bytes().in());
    line.put("bytesOut", passed.bytes().out());
    line.put("packetsIn", passed.packets().in());
    line.put("packetsOut", passed.packets().out());
    line.put("how", how.toString());
    if (refusal != null) {
      reason(line, refusal);
    }
    write("ended", session.seat().protocol(), line);
  }

  private static Map<String, Object> line(Session session) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("session", session.id());
    who(line, session.credential());
    line.put("from", session.clientAddress());
    line.put("address", session.address().toString());
    if (session.group() != null) {
      line.put("group", session.group());
    }
    return line;
  }

  private static void who(Map<String, Object> line, Credential credential) {
    line.put("user", bounded(credential.user()));
    line.put("certificate", credential.thumbprint());
    line.put("method", credential.method());
  }

  private static void reason(Map<String, Object> line, Refusal refusal) {
    line.put("reason", refusal.reason());
    line.put("said", refusal.sentence());
  }

  static String bounded(String name) {
    return name.length() <= NAME_LIMIT ? name : name.substring(0, NAME_LIMIT) + "…";
  }

  private void write(String event, TunnelType protocol, Map<String, Object> fields) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("event", event);
    line.put("gateway", gateway);
    line.put("protocol", protocol);
    line.putAll(fields);
    try {
      AUDIT.info(json.writeValueAsString(line));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}

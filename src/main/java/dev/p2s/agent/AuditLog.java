package dev.p2s.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.p2s.agent.session.ClientCertificate;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.SessionTraffic;
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

  AuditLog(String gateway) {
    this.gateway = gateway;
  }

  void admitted(Session session) {
    write("admitted", line(session));
  }

  void refused(ClientCertificate credential, String clientAddress, Refusal refusal) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("user", credential == null ? "" : bounded(credential.commonName()));
    line.put("certificate", credential == null ? "" : credential.own().sha256());
    line.put("method", "Certificate");
    line.put("from", clientAddress);
    reason(line, refusal);
    write("refused", line);
  }

  /**
   * @param passed the session's traffic
   * @param refusal why, or null where the client left or was asked to dial again
   */
  void ended(Session session, SessionTraffic.Bytes passed, String how, Refusal refusal) {
    Map<String, Object> line = line(session);
    line.put("since", Instant.ofEpochMilli(session.sinceMillis()).toString());
    line.put("bytesIn", passed.in());
    line.put("bytesOut", passed.out());
    line.put("how", how);
    if (refusal != null) {
      reason(line, refusal);
    }
    write("ended", line);
  }

  private static Map<String, Object> line(Session session) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("session", session.id());
    line.put("user", bounded(session.credential().commonName()));
    line.put("certificate", session.credential().own().sha256());
    line.put("method", "Certificate");
    line.put("from", session.clientAddress());
    line.put("address", session.address().toString());
    return line;
  }

  private static void reason(Map<String, Object> line, Refusal refusal) {
    line.put("reason", refusal.reason());
    line.put("said", refusal.sentence());
  }

  private static String bounded(String name) {
    return name.length() <= NAME_LIMIT ? name : name.substring(0, NAME_LIMIT) + "…";
  }

  private void write(String event, Map<String, Object> fields) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("event", event);
    line.put("gateway", gateway);
    line.put("protocol", "OpenVPN");
    line.putAll(fields);
    try {
      AUDIT.info(json.writeValueAsString(line));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}

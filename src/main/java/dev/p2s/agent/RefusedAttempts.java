package dev.p2s.agent;

import dev.p2s.agent.session.Credential;
import dev.p2s.agent.session.Refusal;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.ClientAddress;
import dev.p2s.dataplane.RefusedAttempt;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Supplier;

/**
 * Whom this pod turned away lately, so that "why can't I connect?" has an answer. Somebody who
 * tries again and again takes one place and not all of them. An agent that is started anew has
 * forgotten them; the audit log has not.
 */
public final class RefusedAttempts {

  /** What makes an attempt the same one again. */
  private record Same(String user, String certificate, String host, String reason) {}

  private final Supplier<String> ids;
  private final Clock clock;
  private final LinkedHashMap<Same, RefusedAttempt> newestLast = new LinkedHashMap<>();

  /**
   * @param ids makes ids of 16 hexadecimal digits
   */
  public RefusedAttempts(Supplier<String> ids, Clock clock) {
    this.ids = ids;
    this.clock = clock;
  }

  /** The attempts, oldest first. */
  public synchronized List<RefusedAttempt> all() {
    return List.copyOf(newestLast.values());
  }

  /**
   * @param credential what was shown, or null where nothing was
   * @param claimed the name that somebody without a credential gave, or empty
   */
  synchronized void add(
      TunnelType protocol,
      Credential credential,
      String claimed,
      String clientAddress,
      Refusal refusal) {
    String user = AuditLog.bounded(credential == null ? claimed : credential.user());
    String certificate = credential == null ? "" : credential.thumbprint();
    Same same =
        new Same(user, certificate, ClientAddress.host(clientAddress), refusal.reason().name());
    RefusedAttempt before = newestLast.remove(same);
    newestLast.put(
        same,
        before != null
            ? before.again(clientAddress, clock.instant())
            : new RefusedAttempt(
                ids.get(),
                user,
                credential == null ? "" : credential.method().name(),
                protocol.name(),
                clientAddress,
                certificate,
                refusal.reason().name(),
                refusal.sentence(),
                clock.instant(),
                clock.instant(),
                1));
    if (newestLast.size() > RefusedAttempt.REMEMBERED) {
      newestLast.pollFirstEntry();
    }
  }
}

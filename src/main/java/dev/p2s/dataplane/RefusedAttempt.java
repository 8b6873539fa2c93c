package dev.p2s.dataplane;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;

/**
 * Somebody whom a gateway pod turned away, as the pod's agent tells an operator that asks {@code
 * GET /v1/attempts}. Repetitions of the same refusal of the same person from the same address are
 * one.
 *
 * @param id 16 hexadecimal digits, stable while the attempt is remembered
 * @param user who, as the credential says, or as they say themselves where none was accepted; empty
 *     where nobody said
 * @param method {@code Certificate}, {@code RADIUS}, {@code EntraID} or {@code OIDC}; empty where
 *     no credential was shown
 * @param protocol {@code OpenVPN}, {@code IKEv2} or {@code SSTP}
 * @param clientAddress where the last of them came from, {@code address:port}
 * @param certificateSha256 thumbprint of the client certificate, empty without one
 * @param reason why, in one word
 * @param said the sentence that the person was told
 * @param first when it happened first
 * @param last when it happened last
 * @param count how often it happened, at least 1
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RefusedAttempt(
    String id,
    String user,
    String method,
    String protocol,
    String clientAddress,
    String certificateSha256,
    String reason,
    String said,
    Instant first,
    Instant last,
    long count) {

  /** How many of them a gateway remembers, the newest ones. */
  public static final int REMEMBERED = 1000;

  /** The same attempt, once more. */
  public RefusedAttempt again(String from, Instant now) {
    return new RefusedAttempt(
        id, user, method, protocol, from, certificateSha256, reason, said, first, now, count + 1);
  }
}

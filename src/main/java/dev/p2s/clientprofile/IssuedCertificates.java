package dev.p2s.clientprofile;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The ledger of a root: the kept Secret {@code <root>-issued} with an entry for every certificate
 * that was issued from it, so that a revocation outlives the profile that it was made for. One
 * entry a certificate, so that writers of different profiles never overwrite each other.
 */
public final class IssuedCertificates {

  /** Label that marks such a Secret; its value is the root's name. */
  public static final String ISSUED_BY = "p2s.dev/issued-by";

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * One certificate.
   *
   * @param namespace the ClientProfile's namespace
   * @param profile the ClientProfile's name
   * @param sha256 thumbprint; the entry's key
   * @param serial hexadecimal
   * @param notAfter when it ends, ISO 8601
   * @param revoked why it was taken back: {@code Deleted} or {@code Suspended}; empty while it
   *     holds
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Issued(
      String namespace,
      String profile,
      String sha256,
      String serial,
      String notAfter,
      String revoked) {

    Issued revoke(String why) {
      return new Issued(namespace, profile, sha256, serial, notAfter, why);
    }

    boolean belongsTo(String namespace, String profile) {
      return this.namespace.equals(namespace) && this.profile.equals(profile);
    }

    boolean hasEnded(Instant now) {
      return Instant.parse(notAfter).isBefore(now);
    }
  }

  private final List<Issued> entries;

  private IssuedCertificates(List<Issued> entries) {
    this.entries = entries;
  }

  public static String nameFor(String root) {
    return root + "-issued";
  }

  public static boolean isLedger(Secret secret) {
    return secret.getMetadata().getLabels() != null
        && secret.getMetadata().getLabels().containsKey(ISSUED_BY);
  }

  /** Reads a ledger; an entry that somebody damaged counts for nothing. */
  public static IssuedCertificates of(Secret secret) {
    Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
    return new IssuedCertificates(
        new TreeMap<>(data)
            .values().stream()
                .map(IssuedCertificates::entry)
                .flatMap(java.util.Optional::stream)
                .sorted(Comparator.comparing(Issued::sha256))
                .toList());
  }

  /** Those that are refused although they have not ended. */
  public List<Issued> revoked() {
    return matching(issued -> !issued.revoked().isEmpty());
  }

  List<Issued> matching(Predicate<Issued> condition) {
    return entries.stream().filter(condition).toList();
  }

  static String encoded(Issued issued) {
    try {
      return Base64.getEncoder().encodeToString(JSON.writeValueAsBytes(issued));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static java.util.Optional<Issued> entry(String base64) {
    try {
      return java.util.Optional.of(
          JSON.readValue(
              new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8),
              Issued.class));
    } catch (IOException | IllegalArgumentException e) {
      return java.util.Optional.empty();
    }
  }
}

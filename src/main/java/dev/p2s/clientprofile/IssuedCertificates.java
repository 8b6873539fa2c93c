package dev.p2s.clientprofile;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.p2s.pki.Thumbprint;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The ledger of a root: the kept Secret {@code <root>-issued} with an entry for every certificate
 * that was issued from it, so that a revocation outlives the profile that it was made for. One
 * entry a certificate, so that writers of different profiles never overwrite each other.
 */
public final class IssuedCertificates {

  /** Label that marks such a Secret; its value is the root's name. */
  public static final String ISSUED_BY = "p2s.dev/issued-by";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Why a certificate was taken back. */
  enum TakenBack {
    /** The profile is suspended; lifting it gives the certificate back. */
    Suspended,
    /** The gateway takes no profiles of that namespace; allowing them gives it back. */
    NotAllowed,
    /** The profile names another person now. */
    Replaced,
    /** The profile was deleted. */
    Deleted;

    boolean forGood() {
      return this == Replaced || this == Deleted;
    }
  }

  /**
   * One certificate.
   *
   * @param namespace the ClientProfile's namespace
   * @param profile the ClientProfile's name
   * @param sha256 thumbprint; the entry's key
   * @param serial hexadecimal
   * @param notAfter when it ends, ISO 8601
   * @param revoked why it was taken back, a {@link TakenBack}; empty while it holds
   * @param user whom it names; empty in entries that do not tell
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Issued(
      String namespace,
      String profile,
      String sha256,
      String serial,
      String notAfter,
      String revoked,
      String user) {

    public Issued {
      revoked = Objects.requireNonNullElse(revoked, "");
      user = Objects.requireNonNullElse(user, "");
    }

    Issued because(Optional<TakenBack> reason) {
      return new Issued(
          namespace,
          profile,
          sha256,
          serial,
          notAfter,
          reason.map(TakenBack::name).orElse(""),
          user);
    }

    /** Why it was taken back; a word of a later version counts as for good. */
    Optional<TakenBack> reason() {
      return revoked.isEmpty()
          ? Optional.empty()
          : Optional.of(
              Stream.of(TakenBack.values())
                  .filter(known -> known.name().equals(revoked))
                  .findFirst()
                  .orElse(TakenBack.Deleted));
    }

    boolean belongsTo(String namespace, String profile) {
      return this.namespace.equals(namespace) && this.profile.equals(profile);
    }

    /** Whether it is certain that it names somebody else. */
    boolean namesAnother(String user) {
      return !this.user.isEmpty() && !this.user.equals(user);
    }

    boolean hasEnded(Instant now) {
      return Instant.parse(notAfter).isBefore(now);
    }

    // what a person broke by hand counts for nothing, and hides nobody else's entry
    private boolean isWhole() {
      try {
        return namespace != null
            && profile != null
            && Thumbprint.parse(sha256).hex().equals(sha256)
            && !Instant.parse(notAfter).equals(Instant.MIN);
      } catch (IllegalArgumentException | DateTimeException | NullPointerException e) {
        return false;
      }
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
                .flatMap(Optional::stream)
                .filter(Issued::isWhole)
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

  private static Optional<Issued> entry(String base64) {
    try {
      return Optional.ofNullable(
          JSON.readValue(
              new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8),
              Issued.class));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}

package dev.p2s.rootcertificate;

import dev.p2s.api.v1alpha1.References;
import dev.p2s.api.v1alpha1.RootCertificate;
import dev.p2s.api.v1alpha1.RootCertificateSpec;
import dev.p2s.dataplane.RevocationSource;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.CertificateReader;
import dev.p2s.pki.DistributionPoints;
import dev.p2s.pki.IssuingCertificates;
import dev.p2s.pki.Pem;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Finds the certificate of a RootCertificate, wherever its spec says it is. Reads only. */
@ApplicationScoped
public class RootResolver {

  static final String CERTIFICATE = "tls.crt";
  static final String KEY = "tls.key";

  private static final int SOURCE_LIMIT = 256 * 1024;

  /** What became of a RootCertificate. */
  public sealed interface Outcome {
    /** It is known. */
    record Resolved(ResolvedRoot root) implements Outcome {}

    /** A self-signed root whose key is not made yet. */
    record KeyMissing(String secretName) implements Outcome {}

    /** It cannot be used. */
    record Refused(RootReason reason, String message) implements Outcome {}
  }

  /**
   * For so long one reading serves all who ask for the same root: a gateway's profiles are many.
   */
  private static final Duration SHARED = Duration.ofSeconds(2);

  private record Reading(String version, Outcome outcome, Instant at) {}

  private final KubernetesClient client;
  private final Clock clock;
  private final Map<String, Reading> readings = new ConcurrentHashMap<>();

  public RootResolver(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /**
   * Reads the root's source and its certificate, at most two seconds ago; what is missing or
   * refused is looked for each time.
   */
  public Outcome resolve(RootCertificate root) {
    Instant now = clock.instant();
    String uid = root.getMetadata().getUid();
    String version = root.getMetadata().getResourceVersion();
    if (uid == null || version == null) {
      return read(root);
    }
    Reading known = readings.get(uid);
    if (known != null && known.version().equals(version) && known.at().isAfter(now.minus(SHARED))) {
      return known.outcome();
    }
    Outcome outcome = read(root);
    readings.values().removeIf(old -> !old.at().isAfter(now.minus(SHARED)));
    if (outcome instanceof Outcome.Resolved) {
      readings.put(uid, new Reading(version, outcome, now));
    }
    return outcome;
  }

  private Outcome read(RootCertificate root) {
    RootCertificateSpec spec = root.getSpec();
    String namespace = root.getMetadata().getNamespace();
    Outcome outcome = certificate(root, spec, namespace);
    return outcome instanceof Outcome.Resolved resolved
        ? extended(resolved.root(), spec, namespace)
        : outcome;
  }

  private Outcome certificate(RootCertificate root, RootCertificateSpec spec, String namespace) {
    if (spec.selfSigned() != null) {
      return selfSigned(root, namespace);
    }
    if (spec.publicCertData() != null) {
      return uploaded(root, "spec.publicCertData", spec.publicCertData());
    }
    if (spec.secretRef() != null) {
      Secret secret =
          client.secrets().inNamespace(namespace).withName(spec.secretRef().name()).get();
      return referenced(
          root, "Secret", spec.secretRef(), secret == null ? null : decoded(secret.getData()));
    }
    if (spec.configMapRef() != null) {
      var map =
          client.configMaps().inNamespace(namespace).withName(spec.configMapRef().name()).get();
      return referenced(root, "ConfigMap", spec.configMapRef(), map == null ? null : map.getData());
    }
    return new Outcome.Refused(
        RootReason.SourceInvalid,
        "spec: one of publicCertData, secretRef, configMapRef or selfSigned is needed");
  }

  /** The Secret that holds a self-signed root's key. */
  static String keySecretName(RootCertificate root) {
    var ref = root.getSpec().selfSigned().keySecretRef();
    return ref == null ? root.getMetadata().getName() + "-key" : ref.name();
  }

  /** With what is below the root, and where its revocation list is; a root without is refused. */
  private Outcome extended(ResolvedRoot root, RootCertificateSpec spec, String namespace) {
    IssuingCertificates.Issuing below = IssuingCertificates.Issuing.NONE;
    if (spec.intermediates() != null) {
      References.TextSource source = spec.intermediates();
      boolean map = source.configMapRef() != null;
      var entry = map ? source.configMapRef() : source.secretRef();
      String where = (map ? "ConfigMap " : "Secret ") + entry.name() + " entry " + entry.key();
      String text = texts(namespace, map, entry.name()).get(entry.key());
      if (text == null) {
        return new Outcome.Refused(
            RootReason.SourceNotFound, "spec.intermediates: there is no " + where + "; add it");
      }
      try {
        below = IssuingCertificates.read(text, root.certificate(), clock.instant());
      } catch (IllegalArgumentException e) {
        return new Outcome.Refused(
            RootReason.IntermediateInvalid, "spec.intermediates: " + where + " " + e.getMessage());
      }
    }
    if (spec.revocation() == null) {
      return new Outcome.Resolved(root.with(below, Optional.empty()));
    }
    RootCertificateSpec.Crl crl = spec.revocation().crl();
    List<String> urls =
        crl.url() == null ? DistributionPoints.of(root.certificate()) : List.of(crl.url());
    return urls.isEmpty()
        ? new Outcome.Refused(
            RootReason.ListNotNamed,
            "spec.revocation.crl.url: name it, since the root's certificate names no distribution"
                + " point over http or https")
        : new Outcome.Resolved(
            root.with(
                below,
                Optional.of(
                    new RevocationSource(
                        urls, crl.ifStale() != RootCertificateSpec.Crl.IfStale.Allow))));
  }

  private Map<String, String> texts(String namespace, boolean map, String name) {
    if (map) {
      ConfigMap found = client.configMaps().inNamespace(namespace).withName(name).get();
      return found == null || found.getData() == null ? Map.of() : found.getData();
    }
    Secret found = client.secrets().inNamespace(namespace).withName(name).get();
    return found == null ? Map.of() : decoded(found.getData());
  }

  private Outcome selfSigned(RootCertificate root, String namespace) {
    String name = keySecretName(root);
    Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
    if (secret == null) {
      return new Outcome.KeyMissing(name);
    }
    Map<String, String> data = decoded(secret.getData());
    try {
      X509Certificate certificate =
          CertificateReader.root(data.getOrDefault(CERTIFICATE, ""), clock.instant());
      return new Outcome.Resolved(
          new ResolvedRoot(
              root.getMetadata().getName(),
              certificate,
              Optional.of(
                  CertificateAuthority.matching(
                      certificate, Pem.parseKey(data.getOrDefault(KEY, ""))))));
    } catch (CertificateReader.Refused e) {
      return refused("Secret " + name + " entry " + CERTIFICATE, e);
    } catch (IllegalArgumentException e) {
      return new Outcome.Refused(
          RootReason.SourceInvalid,
          "Secret " + name + " entry " + KEY + " " + e.getMessage() + "; restore it");
    }
  }

  private Outcome referenced(
      RootCertificate root, String kind, RootCertificateSpec.KeyRef ref, Map<String, String> data) {
    String where = kind + " " + ref.name();
    if (data == null) {
      return new Outcome.Refused(
          RootReason.SourceNotFound,
          where + " does not exist in namespace " + root.getMetadata().getNamespace());
    }
    String text = data.get(ref.key());
    return text == null
        ? new Outcome.Refused(
            RootReason.SourceNotFound, where + " has no entry " + ref.key() + "; add it")
        : uploaded(root, where + " entry " + ref.key(), text);
  }

  private Outcome uploaded(RootCertificate root, String where, String text) {
    try {
      return new Outcome.Resolved(
          new ResolvedRoot(
              root.getMetadata().getName(),
              CertificateReader.root(text, clock.instant()),
              Optional.empty()));
    } catch (CertificateReader.Refused e) {
      return refused(where, e);
    }
  }

  private static Outcome refused(String where, CertificateReader.Refused cause) {
    return new Outcome.Refused(
        RootReason.valueOf(cause.problem().name()), where + ": " + cause.getMessage());
  }

  private static Map<String, String> decoded(Map<String, String> data) {
    if (data == null) {
      return Map.of();
    }
    Map<String, String> text = new java.util.HashMap<>();
    data.forEach(
        (key, value) -> {
          // of what is longer than any certificate the beginning is enough to refuse it
          String start = value.substring(0, Math.min(value.length(), SOURCE_LIMIT));
          text.put(key, new String(Base64.getDecoder().decode(start), StandardCharsets.ISO_8859_1));
        });
    return text;
  }
}

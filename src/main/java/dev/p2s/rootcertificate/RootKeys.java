package dev.p2s.rootcertificate;

import dev.p2s.api.v1alpha1.RootCertificate;
import dev.p2s.gateway.GatewayLabels;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

/**
 * Makes the kept Secret of a self-signed root: no owner, so that it outlives the RootCertificate.
 */
final class RootKeys {

  private static final Duration DEFAULT_DURATION = Duration.ofHours(87_600);

  private final KubernetesClient client;
  private final Clock clock;
  private final SecureRandom random;

  RootKeys(KubernetesClient client, Clock clock, SecureRandom random) {
    this.client = client;
    this.clock = clock;
    this.random = random;
  }

  void make(RootCertificate root, String secretName) {
    var wanted = root.getSpec().selfSigned();
    // every client of the catalogue reads RSA; RSA-3072 holds beyond 2030 (NIST SP 800-57)
    CertificateAuthority made =
        CertificateAuthority.selfSigned(
            wanted.commonName() == null ? root.getMetadata().getName() : wanted.commonName(),
            KeyKind.RSA_3072,
            wanted.duration() == null ? DEFAULT_DURATION : GoDuration.parse(wanted.duration()),
            clock.instant(),
            random);
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(secretName)
                .withNamespace(root.getMetadata().getNamespace())
                .withLabels(GatewayLabels.of(root.getSpec().gatewayRef().name()))
                .endMetadata()
                .withType("kubernetes.io/tls")
                .withData(
                    Map.of(
                        RootResolver.CERTIFICATE,
                        base64(Pem.certificate(made.certificate())),
                        RootResolver.KEY,
                        base64(Pem.key(made.key()))))
                .build())
        .create();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }
}

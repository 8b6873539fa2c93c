package dev.p2s.cluster;

import dev.p2s.api.v1alpha1.RootCertificate;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import dev.p2s.pki.SignedLists;
import io.fabric8.kubernetes.api.model.Condition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A company's own authorities: a root, an issuing one below it, people, and a web server in the
 * cluster that gives away the issuing one's revocation list.
 */
final class CompanyPki {

  private static final String NAMESPACE = "vpn";

  private final SecureRandom random = new SecureRandom();
  private final CertificateAuthority root =
      CertificateAuthority.selfSigned(
          "Corp root", KeyKind.EC_P256, Duration.ofDays(2), Instant.now(), random);
  private final CertificateAuthority issuing =
      SignedLists.below(
          root,
          "Corp issuing",
          Instant.now().minusSeconds(600),
          Instant.now().plus(Duration.ofDays(1)),
          0);
  private final TestCluster cluster;

  CompanyPki(TestCluster cluster) {
    this.cluster = cluster;
    cluster
        .client()
        .resource(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: pki, namespace: vpn, labels: {app: pki}}
            spec:
              containers:
                - name: web
                  image: %s
                  command: [java, -m, jdk.httpserver, -b, 0.0.0.0, -p, "8080", -d, /srv]
                  volumeMounts: [{name: srv, mountPath: /srv}]
              volumes: [{name: srv, emptyDir: {}}]
            """
                .formatted(Installation.OPERATOR_IMAGE))
        .create();
    cluster.awaitPod(NAMESPACE, "pki");
  }

  /** The RootCertificate {@code corp}, what is below it, and where its list is. */
  void upload(String gateway, Installation installation) {
    cluster.kubectl(
        "create",
        "configmap",
        "corp-issuing",
        "-n",
        NAMESPACE,
        "--from-literal=issuing.pem=" + Pem.certificate(issuing.certificate()));
    installation.applyText(
        """
        apiVersion: p2s.dev/v1alpha1
        kind: RootCertificate
        metadata: {name: corp, namespace: vpn}
        spec:
          gatewayRef: {name: %s}
          publicCertData: |
        %s
          intermediates: {configMapRef: {name: corp-issuing, key: issuing.pem}}
          revocation: {crl: {url: "http://%s:8080/issuing.crl"}}
        """
            .formatted(
                gateway,
                Pem.certificate(root.certificate()).indent(4),
                cluster
                    .client()
                    .pods()
                    .inNamespace(NAMESPACE)
                    .withName("pki")
                    .get()
                    .getStatus()
                    .getPodIP()));
  }

  /** Gives away a list that holds for so long. */
  void publish(Duration validity, BigInteger... revoked) {
    Instant now = Instant.now();
    serve(
        "set -e; base64 -d > /srv/next <<'E'\n"
            + Base64.getEncoder()
                .encodeToString(
                    SignedLists.of(issuing, now.minusSeconds(1), now.plus(validity), revoked))
            + "\nE\nmv /srv/next /srv/issuing.crl");
  }

  /** What the RootCertificate says of the list. */
  Condition list() {
    return cluster
        .client()
        .resources(RootCertificate.class)
        .inNamespace(NAMESPACE)
        .withName("corp")
        .get()
        .getStatus()
        .conditions()
        .stream()
        .filter(condition -> condition.getType().equals("RevocationList"))
        .findFirst()
        .orElseThrow();
  }

  /** From now on there is no list to be had. */
  void withdraw() {
    serve("rm /srv/issuing.crl");
  }

  CertificateAuthority.Leaf person(String name) {
    return issuing.issueClient(name, KeyKind.EC_P256, Duration.ofHours(9), Instant.now(), random);
  }

  /** A package of the gateway's with somebody's own certificate in it, as a company does it. */
  static byte[] with(CertificateAuthority.Leaf leaf, byte[] zip) {
    ByteArrayOutputStream changed = new ByteArrayOutputStream();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip));
        ZipOutputStream out = new ZipOutputStream(changed)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        out.putNextEntry(new ZipEntry(entry.getName()));
        out.write(
            switch (entry.getName()) {
              case "strongSwan/x509/client.pem" -> ascii(Pem.certificate(leaf.certificate()));
              case "strongSwan/private/client.pem" -> ascii(Pem.key(leaf.key()));
              default -> in.readAllBytes();
            });
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return changed.toByteArray();
  }

  static String with(CertificateAuthority.Leaf leaf, String ovpn) {
    return ovpn.replaceFirst(
            "(?s)<cert>.*</cert>", "<cert>\n" + Pem.certificate(leaf.certificate()) + "</cert>")
        .replaceFirst("(?s)<key>.*</key>", "<key>\n" + Pem.key(leaf.key()) + "</key>");
  }

  private void serve(String script) {
    cluster.kubectl("exec", "-n", NAMESPACE, "pki", "--", "sh", "-c", script);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

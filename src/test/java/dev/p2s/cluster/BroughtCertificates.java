package dev.p2s.cluster;

import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A gateway with a server certificate of a company's own, and who issues that. */
final class BroughtCertificates {

  static final String GATEWAY =
      """
      apiVersion: p2s.dev/v1alpha1
      kind: P2SGateway
      metadata: {name: brought, namespace: %1$s}
      spec:
        clientAddressPools: [172.31.214.0/27]
        fqdn: vpn.corp.example
        exposure: {type: NodePort, nodePort: 30944, address: %2$s}
        openVpn: {processes: 1}
        serverCertificate: {secretRef: {name: corp-certificate}}
      ---
      apiVersion: p2s.dev/v1alpha1
      kind: RootCertificate
      metadata: {name: brought-root, namespace: %1$s}
      spec:
        gatewayRef: {name: brought}
        selfSigned: {commonName: Brought VPN root}
      ---
      apiVersion: p2s.dev/v1alpha1
      kind: ClientProfile
      metadata: {name: grace, namespace: %1$s}
      spec:
        gatewayRef: {name: brought}
        user: grace@example.com
        certificate: {issued: {rootRef: {name: brought-root}}}
      """;

  private BroughtCertificates() {}

  /** Puts a certificate and who issued it into a Secret. */
  static void bring(
      TestCluster cluster,
      String namespace,
      String name,
      CertificateAuthority.Leaf leaf,
      CertificateAuthority authority) {
    cluster
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .addToStringData("tls.crt", Pem.certificate(leaf.certificate()))
                .addToStringData("tls.key", Pem.key(leaf.key()))
                .addToStringData("ca.crt", Pem.certificate(authority.certificate()))
                .build())
        .createOr(NonDeletingOperation::update);
  }

  static CertificateAuthority root() {
    return CertificateAuthority.selfSigned(
        "Corp root", KeyKind.EC_P256, Duration.ofDays(90), Instant.now(), new SecureRandom());
  }

  static CertificateAuthority.Leaf server(CertificateAuthority authority, String name) {
    return authority.issueServer(
        name,
        List.of(name),
        KeyKind.EC_P256,
        Duration.ofDays(80),
        Instant.now(),
        new SecureRandom());
  }
}

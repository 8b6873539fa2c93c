package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CertificateOrderTest {

  private static final CertificateOrder OPEN =
      new CertificateOrder(true, Optional.empty(), "vpn.corp.example");

  @Test
  void givenAnIssuer_whenOrdered_thenTheCertificateIsForServersAndHasTheNamesThatClientsKnow()
      throws IOException {
    GenericKubernetesResource wanted =
        OPEN.wanted(
            gateway(
                "{fqdn: vpn.corp.example, exposure: {address: edge.corp.example},"
                    + " serverCertificate: {issuerRef: {kind: ClusterIssuer, name: corp-ca}}}"));

    assertThat(wanted.getMetadata().getName()).isEqualTo("office-server-tls");
    assertThat(wanted.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> assertThat(owner.getName()).isEqualTo("office"));
    assertThat(wanted.getAdditionalProperties().get("spec"))
        .isEqualTo(
            Map.of(
                "secretName",
                "office-server-tls",
                "commonName",
                "vpn.corp.example",
                "dnsNames",
                List.of("edge.corp.example", "vpn.corp.example"),
                "usages",
                List.of("digital signature", "key encipherment", "server auth"),
                "privateKey",
                Map.of("algorithm", "RSA", "size", 2048, "rotationPolicy", "Always"),
                "issuerRef",
                Map.of("group", "cert-manager.io", "kind", "ClusterIssuer", "name", "corp-ca")));
  }

  @Test
  void givenANumericAddress_whenOrdered_thenItIsNoName() throws IOException {
    GenericKubernetesResource wanted =
        OPEN.wanted(
            gateway("{exposure: {address: 192.0.2.7}, serverCertificate: {issuerRef: {name: a}}}"));

    assertThat(wanted.getAdditionalProperties().get("spec").toString())
        .contains("dnsNames=[vpn.corp.example]", "kind=Issuer")
        .doesNotContain("192.0.2.7");
  }

  @Test
  void givenWhatOthersAddToIt_whenComparedWithTheOrder_thenItIsPlacedUntilTheOrderChanges()
      throws IOException {
    P2SGateway gateway = gateway("{serverCertificate: {issuerRef: {name: a}}}");
    GenericKubernetesResource there = OPEN.wanted(gateway);
    Map<String, Object> spec = new HashMap<>((Map<String, Object>) specOf(there));
    spec.put("revisionHistoryLimit", 1);
    there.setAdditionalProperty("spec", spec);
    CertificateOrder placed = new CertificateOrder(true, Optional.of(there), "vpn.corp.example");

    assertThat(placed.isPlaced(placed.wanted(gateway))).isTrue();
    assertThat(
            placed.isPlaced(placed.wanted(gateway("{serverCertificate: {issuerRef: {name: b}}}"))))
        .isFalse();
    assertThat(OPEN.isPlaced(OPEN.wanted(gateway))).isFalse();
  }

  @Test
  void givenNoCertificateYet_whenJudged_thenTheSentenceSaysWhoseTurnItIs() throws IOException {
    P2SGateway gateway = gateway("{serverCertificate: {issuerRef: {name: a}}}");
    GenericKubernetesResource there = OPEN.wanted(gateway);
    there.setAdditionalProperty(
        "status",
        Map.of(
            "conditions",
            List.of(Map.of("type", "Ready", "status", "False", "message", "issuer a not found"))));

    assertRefused(
        gateway,
        new CertificateOrder(true, Optional.of(there), "n"),
        "spec.serverCertificate.issuerRef: Certificate office-server-tls is not issued yet;"
            + " cert-manager says: issuer a not found");
    assertRefused(
        gateway,
        new CertificateOrder(false, Optional.empty(), "n"),
        "spec.serverCertificate.issuerRef: the cluster has no cert-manager (no Certificate of"
            + " cert-manager.io/v1); install it, or name a Secret in secretRef");
  }

  private static void assertRefused(P2SGateway gateway, CertificateOrder order, String sentence) {
    SuppliedCertificates supplied =
        SuppliedCertificates.read(
            "office",
            gateway.getSpec(),
            Optional.empty(),
            Optional.empty(),
            name -> Optional.empty(),
            "vpn.corp.example",
            order,
            Instant.EPOCH);
    assertThatThrownBy(() -> supplied.of(gateway))
        .hasMessage(sentence)
        .isInstanceOfSatisfying(
            GatewayRefused.class,
            refused ->
                assertThat(refused.reason()).isEqualTo(GatewayRefusal.ServerCertificateAwaited));
  }

  private static Object specOf(GenericKubernetesResource certificate) {
    return certificate.getAdditionalProperties().get("spec");
  }

  private static P2SGateway gateway(String spec) throws IOException {
    P2SGateway gateway = new P2SGateway();
    gateway.setMetadata(
        new ObjectMetaBuilder().withNamespace("vpn").withName("office").withUid("1").build());
    gateway.setSpec(new ObjectMapper(new YAMLFactory()).readValue(spec, P2SGatewaySpec.class));
    return gateway;
  }
}

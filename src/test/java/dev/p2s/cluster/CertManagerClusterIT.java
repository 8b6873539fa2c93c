package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.Pem;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A server certificate that cert-manager is asked for, held against the definition of its kind. Its
 * controller does not run here: the test issues in its place. Time budget: 1 min.
 */
class CertManagerClusterIT {

  private static final String ORDERED = "ordered-certificate";
  private static Office office;

  @BeforeAll
  static void anOffice() {
    office = Office.ready();
  }

  @Test
  void givenAnIssuerOfCertManager_whenItHasIssued_thenTheGatewayServesItsCertificate() {
    TestCluster cluster = office.cluster();
    cluster.namespace(ORDERED, "privileged");
    try (VpnClient grace = new VpnClient()) {
      office
          .installation()
          .applyText(
              BroughtCertificates.GATEWAY
                  .formatted(ORDERED, cluster.nodeAddress())
                  .replace("30944", "30945")
                  .replace("172.31.214.", "172.31.215.")
                  .replace(
                      "{secretRef: {name: corp-certificate}}", "{issuerRef: {name: corp-ca}}"));
      Office.await(
          "what is missing",
          () ->
              accepted(ORDERED).getReason().equals("ServerCertificateAwaited")
                  && accepted(ORDERED).getMessage().contains("the cluster has no cert-manager"));

      office
          .installation()
          .applyText(Command.of("hack/cert-manager-crd").run(Duration.ofMinutes(5)).required());

      Office.await(
          "the order",
          () ->
              cluster
                  .kubectl("-n", ORDERED, "get", "certificate", "brought-server-tls", "-o", "yaml")
                  .contains("commonName: vpn.corp.example"));
      Office.await(
          "whose turn it is",
          () -> accepted(ORDERED).getMessage().contains("brought-server-tls is not issued yet"));
      CertificateAuthority corp = BroughtCertificates.root();
      BroughtCertificates.bring(
          cluster,
          ORDERED,
          "brought-server-tls",
          BroughtCertificates.server(corp, "vpn.corp.example"),
          corp);
      office.installation().awaitReady(ORDERED, "brought");
      String ovpn = office.installation().ovpn(ORDERED, "grace");
      assertThat(ovpn).contains(Pem.certificate(corp.certificate()).strip());
      grace.connect(ovpn).run("ping", "-c", "2", "-W", "2", office.echoAddress());

      cluster.kubectl(
          "-n",
          ORDERED,
          "patch",
          "p2sgateway",
          "brought",
          "--type=merge",
          "-p",
          "{\"spec\": {\"serverCertificate\": null}}");
      Office.await(
          "the order to be taken back",
          () -> cluster.kubectl("-n", ORDERED, "get", "certificates", "-o", "name").isBlank());
    } finally {
      cluster.kubectl("delete", "namespace", ORDERED, "--wait=false");
      cluster.kubectl(
          "delete", "crd", "certificates.cert-manager.io", "--ignore-not-found", "--wait=false");
    }
  }

  private static Condition accepted(String namespace) {
    return office
        .cluster()
        .client()
        .resources(P2SGateway.class)
        .inNamespace(namespace)
        .withName("brought")
        .get()
        .getStatus()
        .conditions()
        .stream()
        .filter(condition -> condition.getType().equals("Accepted"))
        .findFirst()
        .orElseThrow();
  }
}

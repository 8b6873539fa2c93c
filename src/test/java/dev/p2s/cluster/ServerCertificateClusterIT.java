package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.OpenVpnStaticKey;
import dev.p2s.pki.Pem;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The server certificate is renewed beside live sessions, or somebody's own. Time budget: 2 min.
 */
class ServerCertificateClusterIT {

  private static final String PROFILE = "frank";
  private static final String OWN = "own-certificate";
  private static Office office;

  @BeforeAll
  static void anOffice() {
    office = Office.ready();
    office.profile(PROFILE);
  }

  @AfterAll
  static void theOfficeIsAsItWas() {
    office.delete(PROFILE);
  }

  @Test
  void givenACertificateThatEndsSoon_whenTheOperatorLooks_thenItIsRenewedAndTheSessionGoesOn() {
    String ovpn = office.ovpn(PROFILE);
    try (VpnClient frank = new VpnClient().connect(ovpn);
        VpnClient second = new VpnClient()) {
      Traffic traffic = Traffic.start(frank, office.echoAddress());
      traffic.awaitReplies(5);
      List<String> sessions = office.sessions();
      // ends within the 60 days in which the operator renews
      CertificateAuthority.Leaf ending = leaf(Duration.ofDays(59));

      serve(ending);

      Office.await(
          "a renewed certificate",
          () -> {
            X509Certificate served = served();
            return !served.equals(ending.certificate())
                && served
                    .getNotAfter()
                    .toInstant()
                    .isAfter(Instant.now().plus(Duration.ofDays(300)));
          });
      office.awaitReady();
      assertThat(office.ovpn(PROFILE)).isEqualTo(ovpn);
      second.connect(ovpn).run("ping", "-c", "2", "-W", "2", office.echoAddress());
      traffic.awaitReplies(10);
      assertThat(traffic.longestGap()).isLessThan(2);
      assertThat(office.sessions()).containsAll(sessions);
      assertThat(frank.log().split("Initialization Sequence Completed", -1)).hasSize(2);
    }
  }

  @Test
  void givenACertificateOfOnesOwn_whenItIsReplacedByAUselessOne_thenTheOneBeforeGoesOn() {
    TestCluster cluster = office.cluster();
    cluster.namespace(OWN, "privileged");
    try (VpnClient grace = new VpnClient();
        VpnClient later = new VpnClient()) {
      CertificateAuthority corp = BroughtCertificates.root();
      BroughtCertificates.bring(
          office.cluster(),
          OWN,
          "corp-certificate",
          BroughtCertificates.server(corp, "wrong.example"),
          corp);
      office
          .installation()
          .applyText(BroughtCertificates.GATEWAY.formatted(OWN, cluster.nodeAddress()));
      Office.await(
          "the refusal",
          () ->
              told("Accepted").stream()
                  .anyMatch(
                      accepted ->
                          accepted.getReason().equals("ServerCertificateInvalid")
                              && accepted.getMessage().contains("CN=vpn.corp.example")));

      BroughtCertificates.bring(
          office.cluster(),
          OWN,
          "corp-certificate",
          BroughtCertificates.server(corp, "vpn.corp.example"),
          corp);
      office.installation().awaitReady(OWN, "brought");
      String ovpn = office.installation().ovpn(OWN, "grace");
      assertThat(ovpn).contains(Pem.certificate(corp.certificate()).strip());
      grace.connect(ovpn).run("ping", "-c", "2", "-W", "2", office.echoAddress());

      CertificateAuthority stranger = BroughtCertificates.root();
      BroughtCertificates.bring(
          office.cluster(),
          OWN,
          "corp-certificate",
          BroughtCertificates.server(stranger, "wrong.example"),
          stranger);
      Office.await(
          "the condition",
          () ->
              told("ServerCertificate").stream()
                  .anyMatch(c -> c.getReason().equals("CertificateNotUsable")));
      grace.run("ping", "-c", "2", "-W", "2", office.echoAddress());
      later.connect(ovpn).run("ping", "-c", "2", "-W", "2", office.echoAddress());
    } finally {
      cluster.kubectl("delete", "namespace", OWN, "--wait=false");
    }
  }

  @Test
  void givenATlsAuthKeyOfOnesOwn_whenItIsNamed_thenItIsAdoptedAndItsPackagesConnect() {
    String before = office.ovpn(PROFILE);
    String key = OpenVpnStaticKey.generate(new SecureRandom()).file();
    try {
      office
          .cluster()
          .client()
          .resource(
              new SecretBuilder()
                  .withNewMetadata()
                  .withName("corp-tls-auth")
                  .withNamespace(Office.NAMESPACE)
                  .endMetadata()
                  .addToStringData("tls-auth.key", key)
                  .build())
          .create();
      tlsAuth("{\"name\": \"corp-tls-auth\"}");
      Office.await(
          "packages with the key",
          () -> office.ovpn(PROFILE).contains(key.lines().skip(5).findFirst().orElseThrow()));
      office.awaitReady();
      try (VpnClient frank = new VpnClient().connect(office.ovpn(PROFILE))) {
        frank.run("ping", "-c", "2", "-W", "2", office.echoAddress());
      }
    } finally {
      tlsAuth("null");
      office.cluster().kubectl("-n", Office.NAMESPACE, "delete", "secret", "corp-tls-auth");
    }
    Office.await("the package of before", () -> office.ovpn(PROFILE).equals(before));
    office.awaitReady();
  }

  private static void tlsAuth(String reference) {
    office.patch("{\"spec\": {\"tlsAuthSecretRef\": " + reference + "}}");
  }

  private static List<Condition> told(String type) {
    P2SGateway gateway =
        office
            .cluster()
            .client()
            .resources(P2SGateway.class)
            .inNamespace(OWN)
            .withName("brought")
            .get();
    return gateway == null || gateway.getStatus() == null
        ? List.of()
        : gateway.getStatus().conditions().stream()
            .filter(condition -> condition.getType().equals(type))
            .toList();
  }

  /** As if the present certificate had been issued long ago. */
  private static void serve(CertificateAuthority.Leaf leaf) {
    office
        .cluster()
        .client()
        .secrets()
        .inNamespace(Office.NAMESPACE)
        .withName("office-state")
        .edit(
            secret ->
                new SecretBuilder(secret)
                    .addToData("server-rsa.crt", base64(Pem.certificate(leaf.certificate())))
                    .addToData("server-rsa.key", base64(Pem.key(leaf.key())))
                    .build());
  }

  private static CertificateAuthority.Leaf leaf(Duration validity) {
    Secret kept = office.secret("office-server-ca");
    CertificateAuthority authority =
        CertificateAuthority.matching(
            Pem.parseCertificate(text(kept, "tls.crt")), Pem.parseKey(text(kept, "tls.key")));
    return authority.issueServer(
        text(kept, "server-name"),
        List.of(office.cluster().nodeAddress()),
        KeyKind.RSA_2048,
        validity,
        Instant.now(),
        new SecureRandom());
  }

  private static X509Certificate served() {
    return Pem.parseCertificate(text(office.secret("office-state"), "server-rsa.crt"));
  }

  private static String text(Secret secret, String entry) {
    return new String(
        Base64.getDecoder().decode(secret.getData().get(entry)), StandardCharsets.UTF_8);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}

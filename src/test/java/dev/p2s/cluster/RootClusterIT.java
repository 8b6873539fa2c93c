package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.RootCertificate;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Roots as people bring them: replaced beside live sessions, too many, with a key in them, and
 * issuing certificates that stand alone. Time budget: 120 s beside the installation.
 */
class RootClusterIT {

  private static final String MARK = "p2s.test/root";
  private static Office office;
  private final SecureRandom random = new SecureRandom();
  private final List<VpnClient> clients = new ArrayList<>();

  @BeforeAll
  static void anOffice() {
    office = Office.ready();
    office.profile("carol");
  }

  @AfterAll
  static void theOfficeIsAsItWas() {
    office.delete("carol");
  }

  @AfterEach
  void nothingIsLeft() {
    clients.forEach(VpnClient::close);
    office
        .cluster()
        .kubectl("delete", "-n", Office.NAMESPACE, "rootcertificate,secret,configmap", "-l", MARK);
  }

  @Test
  void givenARoot_whenReplacedByOneOfTheSameSubject_thenItsPeopleChangeAndTheOtherSessionGoesOn() {
    CertificateAuthority old = authority("P2SRootCert");
    CertificateAuthority renewed = authority("P2SRootCert");
    String ovpn = office.ovpn("carol");
    create("partners", old);
    VpnClient bob = dialUntilIn(withCertificate(ovpn, person(old, "bob")));
    VpnClient carol = machine().connect(ovpn);
    Traffic bobs = Traffic.start(bob, office.echoAddress());
    Traffic carols = Traffic.start(carol, office.echoAddress());
    bobs.awaitReplies(5);
    carols.awaitReplies(5);

    create("partners-renewed", renewed);
    VpnClient dora = dialUntilIn(withCertificate(ovpn, person(renewed, "dora")));
    office.cluster().kubectl("delete", "-n", Office.NAMESPACE, "rootcertificate", "partners");

    bobs.awaitSilence();
    Office.await("bob to be told", () -> bob.log().contains("not issued by a root certificate"));
    Traffic.start(dora, office.echoAddress()).awaitReplies(5);
    carols.awaitReplies(10);
    assertThat(carols.longestGap()).isLessThan(2);
    assertThat(carol.log().split("Initialization Sequence Completed", -1)).hasSize(2);
  }

  @Test
  void givenAnIssuingCertificateWithoutItsRoot_whenUploaded_thenWhomItIssuedIsAdmitted() {
    CertificateAuthority root = authority("Corp root");
    CertificateAuthority issuing = issuing(root, "Corp issuing");
    String ovpn = office.ovpn("carol");
    create("issuing", issuing);
    Condition accepted = awaitCondition("issuing", "Accepted", "True");
    assertThat(accepted.getMessage())
        .contains("an issuing certificate, taken as trust anchor as it is")
        .contains("others of CN=Corp root are not");

    VpnClient bob = dialUntilIn(withCertificate(ovpn, person(issuing, "bob")));
    VpnClient mallory = machine();
    mallory.dial(withCertificate(ovpn, person(root, "mallory")));

    Traffic.start(bob, office.echoAddress()).awaitReplies(3);
    Office.await("the refusal", () -> mallory.log().contains("Connection reset"));
    assertThat(mallory.log()).doesNotContain("Initialization Sequence Completed");
  }

  @Test
  void givenTwentyRoots_whenOneMoreComes_thenItIsRefusedUntilThereIsRoom() {
    int others =
        office
            .cluster()
            .client()
            .resources(RootCertificate.class)
            .inNamespace(Office.NAMESPACE)
            .list()
            .getItems()
            .size();
    for (int i = others; i < 20; i++) {
      create("many-" + i, authority("Root " + i));
    }
    awaitCondition("many-19", "Ready", "True");
    create("one-more", authority("One more"));

    Condition refused = awaitCondition("one-more", "Accepted", "False");

    assertThat(refused.getReason()).isEqualTo("TooManyRoots");
    assertThat(refused.getMessage())
        .contains("has 20 older roots, the most that a gateway takes; remove one of them");
    assertThat(office.state()).contains("\"many-19\"").doesNotContain("\"one-more\"");

    office.cluster().kubectl("delete", "-n", Office.NAMESPACE, "rootcertificate", "many-19");

    awaitCondition("one-more", "Ready", "True");
    Office.await("the agents' state", () -> office.state().contains("\"one-more\""));
  }

  @Test
  void givenAKeyBesideTheCertificate_whenReferenced_thenNobodyEverShowsIt() {
    CertificateAuthority own = authority("Careless");
    String key = Pem.key(own.key());
    String secretLine = key.lines().skip(1).findFirst().orElseThrow();
    secret("careless", Pem.certificate(own.certificate()) + key);
    root("careless", "secretRef: {name: careless, key: root}");

    Condition refused = awaitCondition("careless", "Accepted", "False");

    assertThat(refused.getReason()).isEqualTo("HoldsPrivateKey");
    assertThat(refused.getMessage())
        .contains("Secret careless entry root: holds a PRIVATE KEY; treat it as exposed");
    Office.await(
        "the event",
        () ->
            office.cluster().kubectl("get", "events", "-n", Office.NAMESPACE).contains("careless"));
    for (String said :
        List.of(
            office.cluster().kubectl("get", "events", "-n", Office.NAMESPACE, "-o", "yaml"),
            office
                .cluster()
                .kubectl("get", "rootcertificate", "-n", Office.NAMESPACE, "-o", "yaml"),
            office
                .cluster()
                .kubectl(
                    "logs",
                    "-n",
                    Installation.NAMESPACE,
                    "--tail=-1",
                    "-l",
                    "app.kubernetes.io/name=p2s-gateway-operator"))) {
      assertThat(said).doesNotContain(secretLine);
    }
  }

  @Test
  void givenARootInEachPlaceAndForm_whenReferenced_thenItIsTaken() throws Exception {
    String base64 =
        Base64.getEncoder().encodeToString(authority("One line").certificate().getEncoded());
    secret("one-line", base64);
    root("one-line", "secretRef: {name: one-line, key: root}");
    root("inline", "publicCertData: " + base64);
    office
        .cluster()
        .kubectl(
            "create",
            "configmap",
            "pem",
            "-n",
            Office.NAMESPACE,
            "--from-literal=root=" + Pem.certificate(authority("A PEM").certificate()));
    office.cluster().kubectl("label", "configmap", "pem", "-n", Office.NAMESPACE, MARK + "=y");
    root("pem", "configMapRef: {name: pem, key: root}");

    for (String name : List.of("one-line", "inline", "pem")) {
      awaitCondition(name, "Ready", "True");
    }
  }

  @Test
  void givenWhatIsNoRootThatHolds_whenReferenced_thenEachReasonIsTyped() {
    CertificateAuthority ended =
        CertificateAuthority.selfSigned(
            "Ended",
            KeyKind.EC_P256,
            Duration.ofDays(1),
            Instant.now().minus(Duration.ofDays(9)),
            random);
    create("ended", ended);
    secret("control", "\u0000\u0007\u001b[31mMIIB");
    root("control", "secretRef: {name: control, key: root}");
    secret("huge", "QUJD".repeat(200_000));
    root("huge", "secretRef: {name: huge, key: root}");

    assertThat(awaitCondition("ended", "Accepted", "False").getReason()).isEqualTo("Expired");
    assertThat(awaitCondition("control", "Accepted", "False"))
        .satisfies(no -> assertThat(no.getReason()).isEqualTo("NotACertificate"))
        .satisfies(no -> assertThat(no.getMessage()).doesNotContain("\u001b", "MIIB"));
    assertThat(awaitCondition("huge", "Accepted", "False").getMessage())
        .contains("Secret huge entry root: longer than 65536 characters");
  }

  private VpnClient machine() {
    VpnClient client = new VpnClient();
    clients.add(client);
    return client;
  }

  // A root counts when the agent has it, which the first dial may be too early for.
  private VpnClient dialUntilIn(String ovpn) {
    VpnClient client = machine();
    Office.await(
        "a tunnel",
        () -> {
          client.hangUp();
          client.dial(ovpn);
          Thread.sleep(Duration.ofSeconds(4));
          return client.log().contains("Initialization Sequence Completed");
        });
    return client;
  }

  private static Condition awaitCondition(String root, String type, String status) {
    Office.await(
        root + " " + type + "=" + status, () -> status.equals(condition(root, type).getStatus()));
    return condition(root, type);
  }

  private static Condition condition(String root, String type) {
    return office
        .cluster()
        .client()
        .resources(RootCertificate.class)
        .inNamespace(Office.NAMESPACE)
        .withName(root)
        .get()
        .getStatus()
        .conditions()
        .stream()
        .filter(condition -> condition.getType().equals(type))
        .findFirst()
        .orElseThrow();
  }

  private static void create(String name, CertificateAuthority authority) {
    root(name, "publicCertData: |\n" + Pem.certificate(authority.certificate()).indent(6));
  }

  private static void root(String name, String source) {
    office.root(name, source);
    office.cluster().kubectl("label", "rootcertificate", name, "-n", Office.NAMESPACE, MARK + "=y");
  }

  private static void secret(String name, String content) {
    office
        .cluster()
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(Office.NAMESPACE)
                .addToLabels(MARK, "y")
                .endMetadata()
                .addToStringData("root", content)
                .build())
        .create();
  }

  /** Somebody's package with another certificate and key in it. */
  private static String withCertificate(String ovpn, CertificateAuthority.Leaf leaf) {
    return ovpn.replaceFirst(
            "(?s)<cert>.*</cert>", "<cert>\n" + Pem.certificate(leaf.certificate()) + "</cert>")
        .replaceFirst("(?s)<key>.*</key>", "<key>\n" + Pem.key(leaf.key()) + "</key>");
  }

  private CertificateAuthority authority(String commonName) {
    return CertificateAuthority.selfSigned(
        commonName, KeyKind.EC_P256, Duration.ofDays(2), Instant.now(), random);
  }

  private CertificateAuthority.Leaf person(CertificateAuthority root, String name) {
    return root.issueClient(name, KeyKind.EC_P256, Duration.ofDays(1), Instant.now(), random);
  }

  private CertificateAuthority issuing(CertificateAuthority root, String commonName) {
    KeyPair pair = KeyKind.EC_P256.generate(random);
    try {
      return new CertificateAuthority(
          new JcaX509CertificateConverter()
              .getCertificate(
                  new JcaX509v3CertificateBuilder(
                          X500Name.getInstance(
                              root.certificate().getSubjectX500Principal().getEncoded()),
                          BigInteger.TEN,
                          Date.from(Instant.now().minusSeconds(600)),
                          Date.from(Instant.now().plusSeconds(86_400)),
                          new X500Name("CN=" + commonName),
                          pair.getPublic())
                      .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                      .build(new JcaContentSignerBuilder("SHA256withECDSA").build(root.key()))),
          pair.getPrivate());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}

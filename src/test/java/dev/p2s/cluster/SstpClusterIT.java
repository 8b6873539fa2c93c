package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import dev.p2s.pki.Thumbprint;
import dev.p2s.sstp.client.SstpTestClient;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * SSTP beside IKEv2 on one gateway, in a cluster of its own: Debian's sstpc and pppd, by
 * certificates and by passwords at a real FreeRADIUS. Time budget: 4 min with the installation.
 */
class SstpClusterIT {

  private static final String VPN = "vpn";
  private static final String PHRASE = RadiusMachine.ALICE;
  private static final String GRACE = "grace.corp.example";
  private static final List<String> SECRETS =
      List.of(PHRASE, "not-the-password", RadiusMachine.SECRET);

  private static TestCluster cluster;
  private static Installation installation;
  private static LoneOffice gateway;
  private static PppdFiles dialler;
  private static RadiusMachine radius;
  private static SstpMachine laptop;
  private static CertificateAuthority root;

  private final SecureRandom random = new SecureRandom();

  @BeforeAll
  static void aGatewayOfBothProtocols() throws Exception {
    cluster = TestCluster.start("sstp", false);
    installation = new Installation(cluster).install();
    gateway = new LoneOffice(cluster, installation);
    dialler = new PppdFiles(cluster);
    cluster.namespace(VPN, "privileged");
    installation.apply("samples/workload.yaml");
    radius = new RadiusMachine();
    root =
        CertificateAuthority.selfSigned(
            "Office", KeyKind.RSA_2048, Duration.ofDays(2), Instant.now(), new SecureRandom());
    installation.applyText(SstpObjects.of(root));
    installation.awaitReady(VPN, "office");
    cluster.kubectl("rollout", "status", "deployment/echo", "-n", VPN, "--timeout=60s");
    laptop = new SstpMachine();
    laptop.run("sh", "-c", "echo '" + cluster.nodeAddress() + " office.vpn.p2s' >> /etc/hosts");
  }

  @AfterEach
  void everybodyIsOutAndNoSecretIsFoundAnywhere() {
    laptop.hangUp();
    Office.await("an empty gateway", () -> gateway.sessions().isEmpty());
    String written = gateway.written();
    for (String secret : SECRETS) {
      assertThat(written).doesNotContain(secret);
    }
  }

  @AfterAll
  static void end() throws Exception {
    for (AutoCloseable each : new AutoCloseable[] {laptop, radius, cluster}) {
      if (each != null) {
        each.close();
      }
    }
  }

  @Test
  void givenACertificate_whenSstpcDials_thenServicesAnswerAndTheSessionIsToldAsSstps()
      throws Exception {
    laptop.connect(dialler.certificate(person("alice")));

    assertThat(laptop.address()).as("the upper half of the pool").startsWith("172.31.201.");
    laptop.route(gateway.serviceAddress());
    assertThat(laptop.run("curl", "-sS", "-m", "20", "http://" + gateway.serviceAddress()))
        .startsWith("pod=echo");
    traffic().awaitReplies(5);
    assertThat(gateway.sessions())
        .contains("\"protocol\":\"SSTP\"", "\"commonName\":\"alice\"", laptop.address());
    assertThat(gateway.agentLog())
        .contains("\"event\":\"admitted\",\"gateway\":\"office\",\"protocol\":\"SSTP\"");
    Office.await("both figures in the status", () -> connected().equals("0/250, SSTP 1/128"));
  }

  @Test
  void givenBothProtocols_whenSomebodyComesByEach_thenEachHasItsHalfOfThePoolAndItsFigure()
      throws Exception {
    laptop.connect(dialler.certificate(person("alice")));
    try (StrongSwanClient phone = new StrongSwanClient()) {
      phone.connect(gateway.zip("phone"));

      Office.await("both in the status", () -> connected().equals("1/250, SSTP 1/128"));
      assertThat(laptop.address()).as("the upper half").startsWith("172.31.201.");
      assertThat(phone.connections()).as("the lower half").contains("172.31.200.");
      traffic().awaitReplies(5);
      Traffic.start(phone, gateway.podAddress()).awaitReplies(5);
      assertThat(gateway.sessions()).contains("\"protocol\":\"SSTP\"", "\"protocol\":\"IKEv2\"");
      phone.hangUp();
    }
  }

  @Test
  void givenARevocationList_whenItComesToNameSomebodyWhoIsIn_thenTheSessionEndsAndAnotherStays()
      throws Exception {
    CompanyPki company = new CompanyPki(cluster);
    CertificateAuthority.Leaf dora = company.person("dora");
    company.publish(Duration.ofSeconds(60));
    company.upload("office", installation);
    try {
      Office.await("the list", () -> company.list().getMessage().contains("names 0 certificates"));
      laptop.connect(dialler.certificate(dora));
      Traffic traffic = traffic();
      traffic.awaitReplies(5);

      company.publish(Duration.ofHours(1), dora.certificate().getSerialNumber());

      laptop.awaitDisconnected();
      traffic.awaitSilence();
      laptop.awaitRefusal(dialler.certificate(dora), "revoked");
      laptop.connect(dialler.certificate(company.person("fred")));
    } finally {
      cluster.kubectl("-n", VPN, "delete", "rootcertificate", "corp");
      cluster.kubectl("-n", VPN, "delete", "pod", "pki", "--wait=false");
    }
  }

  @Test
  void givenALiveSession_whenItsCertificateIsRevoked_thenItEndsAndIsRefusedFromThenOn()
      throws Exception {
    CertificateAuthority.Leaf mallory = person("mallory");
    laptop.connect(dialler.certificate(mallory));
    Traffic traffic = traffic();
    traffic.awaitReplies(5);

    gateway.patch(
        "{\"spec\":{\"revokedCertificates\":[{\"thumbprint\":\""
            + Thumbprint.sha1(mallory.certificate()).hex()
            + "\"}]}}");

    laptop.awaitDisconnected();
    traffic.awaitSilence();
    laptop.awaitRefusal(dialler.certificate(mallory), "revoked");
    assertThat(laptop.address()).isEmpty();
    assertThat(gateway.agentLog()).contains("\"reason\":\"REVOKED\"");
    // another of the same root stays welcome
    laptop.connect(dialler.certificate(person("alice")));
  }

  @Test
  void givenTraffic_whenTheAgentIsKilled_thenItGoesOnAndTheSessionIsTakenUp() throws Exception {
    laptop.connect(dialler.certificate(person("alice")));
    Traffic traffic = traffic();
    traffic.awaitReplies(5);
    String before = gateway.sessions();

    gateway.kill("agent");
    traffic.awaitReplies(15);
    installation.awaitReady(VPN, "office");
    traffic.awaitReplies(15);

    assertThat(traffic.longestGap()).isLessThan(5);
    assertThat(gateway.sessions()).isEqualTo(before);
    assertThat(laptop.address()).isNotEmpty();
  }

  @Test
  void givenPeopleAtARadiusServer_whenSstpcDials_thenByMsChapV2AndByEapAndNotByAWrongPassword()
      throws Exception {
    radiusInPlaceOfCertificates(
        () -> {
          long before = radius.accepted("alice");

          laptop.connect(dialler.password(PHRASE, "refuse-eap"));
          traffic().awaitReplies(5);
          assertThat(gateway.sessions())
              .contains(
                  "\"method\":\"RADIUS\"",
                  "\"user\":\"alice\"",
                  "\"groups\":[\"6ad1bd01\",\"staff\"]");
          laptop.connect(dialler.password(PHRASE, "refuse-mschap-v2"));
          traffic().awaitReplies(5);
          assertThat(radius.accepted("alice")).isEqualTo(before + 2);

          laptop.awaitRefusal(dialler.password("not-the-password", "refuse-eap"), "E=691");
          assertThat(laptop.log())
              .contains("The RADIUS server refuses this user name and password");
        });
  }

  /** No RootCertificate: who is let in is the RADIUS server's word (seed, "AD Domain"). */
  @Test
  void givenCertificatesOfTheRadiusServersRoots_whenSstpcDials_thenInByEapTlsThroughTheGateway()
      throws Exception {
    cluster.kubectl(
        "-n", VPN, "create", "configmap", "radius-roots", "--from-literal=ca.crt=" + radius.root());
    radiusInPlaceOfCertificates(
        ", \"method\": \"Certificate\", \"serverRoots\": {\"configMapRef\":"
            + " {\"name\": \"radius-roots\", \"key\": \"ca.crt\"}}",
        () -> {
          laptop.connect(
              dialler.certificate(GRACE, radius.root(), radius.certificate(), radius.key()));
          traffic().awaitReplies(5);
          assertThat(gateway.sessions())
              .contains(
                  "\"method\":\"RADIUS\"", "\"protocol\":\"SSTP\"", "\"user\":\"" + GRACE + "\"");

          CertificateAuthority.Leaf stranger = person(GRACE);
          laptop.dial(
              dialler.certificate(
                  GRACE,
                  radius.root(),
                  Pem.certificate(stranger.certificate()),
                  Pem.key(stranger.key())));
          laptop.awaitDisconnected();
          assertThat(laptop.address()).isEmpty();
        });
  }

  @Test
  void givenAsManyConnectionsAsTheSeedAllows_whenOneMoreComes_thenItIsRefusedWithTheFigure()
      throws Exception {
    radiusInPlaceOfCertificates(
        () -> {
          List<SstpTestClient> clients = new ArrayList<>();
          try {
            for (int i = 0; i < 128; i++) {
              SstpTestClient client = caller(clients);
              assertThat(client.login("alice", PHRASE, false)).as("connection %d", i + 1).isEmpty();
              client.bind(SstpTestClient.Binding.RIGHT);
              client.addresses();
            }
            assertThat(caller(clients).login("alice", PHRASE, false))
                .contains("This gateway is full: it has all 128 SSTP connections");
            Office.await("all in the status", () -> connected().equals("0/250, SSTP 128/128"));
            try (StrongSwanClient phone = new StrongSwanClient()) {
              phone.connectAs(gateway.zip("phone"), "alice", PHRASE);
              Office.await("IKEv2 beside", () -> connected().equals("1/250, SSTP 128/128"));
              phone.hangUp();
            }
            clients.getFirst().close();
            Office.await(
                "room for one", () -> caller(clients).login("alice", PHRASE, false).isEmpty());
          } finally {
            for (SstpTestClient client : clients) {
              client.close();
            }
          }
        });
  }

  private static SstpTestClient caller(List<SstpTestClient> clients) throws Exception {
    SstpTestClient client = new SstpTestClient(new InetSocketAddress(cluster.nodeAddress(), 443));
    clients.add(client);
    client.within(60_000);
    client.post();
    client.request(1);
    return client;
  }

  /** What a test does while people log in at a RADIUS server. */
  private interface Deed {
    void run() throws Exception;
  }

  private static void radiusInPlaceOfCertificates(Deed deed) throws Exception {
    radiusInPlaceOfCertificates("", deed);
  }

  private static void radiusInPlaceOfCertificates(String more, Deed deed) throws Exception {
    gateway.patch(SstpObjects.peopleAt(radius, more));
    installation.awaitProgrammed(VPN, "office");
    try {
      deed.run();
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + gateway.agentLog() + radius.log(), e);
    } finally {
      laptop.hangUp();
      gateway.patch(SstpObjects.CERTIFICATES_ONLY);
      installation.awaitProgrammed(VPN, "office");
    }
  }

  private static Traffic traffic() {
    laptop.route(gateway.podAddress());
    return Traffic.start(laptop, gateway.podAddress(), "ppp0");
  }

  private static String connected() {
    return installation.gateway(VPN, "office").getStatus().connected();
  }

  private CertificateAuthority.Leaf person(String name) {
    return root.issueClient(name, KeyKind.RSA_2048, Duration.ofDays(1), Instant.now(), random);
  }
}

package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.pki.CertificateAuthority;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * IKEv2 and OpenVPN on one gateway, in a cluster of its own: stock strongSwan outside the cluster,
 * configured by the package alone. Time budget: 6 min with the installation.
 */
class Ikev2ClusterIT {

  private static final String VPN = "vpn";

  private static final String OBJECTS =
      """
      apiVersion: p2s.dev/v1alpha1
      kind: P2SGateway
      metadata: {name: office, namespace: vpn}
      spec:
        sku: {custom: {connections: 2}}
        tunnelTypes: [IKEv2, OpenVPN]
        clientAddressPools: [172.31.200.0/24]
        exposure: {type: HostPort}
      ---
      apiVersion: p2s.dev/v1alpha1
      kind: RootCertificate
      metadata: {name: office-root, namespace: vpn}
      spec:
        gatewayRef: {name: office}
        selfSigned: {commonName: Office VPN root}
      """;

  private static TestCluster cluster;
  private static Installation installation;
  private static LoneOffice gateway;
  private static StrongSwanClient alice;

  @BeforeAll
  static void aGatewayOfBothProtocols() {
    cluster = TestCluster.start("ikev2", false);
    installation = new Installation(cluster).install();
    gateway = new LoneOffice(cluster, installation);
    cluster.namespace(VPN, "privileged");
    installation.apply("samples/workload.yaml");
    installation.applyText(OBJECTS);
    for (String person : List.of("alice", "bob", "carol")) {
      installation.applyText(profile(person, false));
    }
    installation.awaitReady(VPN, "office");
    cluster.kubectl("rollout", "status", "deployment/echo", "-n", VPN, "--timeout=60s");
    alice = new StrongSwanClient();
  }

  @AfterEach
  void everybodyIsOut() {
    alice.hangUp();
    installation.applyText(profile("alice", false));
    Office.await("an empty gateway", () -> gateway.connected() == 0);
  }

  @AfterAll
  static void end() {
    if (alice != null) {
      alice.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void givenThePackageAlone_whenStrongSwanDials_thenServicesAndPodsAnswer() {
    alice.connect(gateway.zip("alice"));

    assertThat(alice.run("curl", "-sS", "-m", "10", "http://" + gateway.serviceAddress()))
        .startsWith("pod=echo");
    Traffic.start(alice, gateway.podAddress()).awaitReplies(5);
    Office.await("the status to count alice", () -> gateway.connected() == 1);
    assertThat(gateway.sessions()).contains("\"protocol\":\"IKEv2\"");
    assertThat(installation.gateway("vpn", "office").getStatus().conditions())
        .anyMatch(condition -> condition.getType().equals("EspInKernel"));
  }

  @Test
  void givenThePackageAlone_whenAMachineDoesEspInItsKernel_thenServicesAndPodsAnswer(
      @TempDir Path directory) throws Exception {
    String said =
        KernelEspMachine.dial(
            directory, gateway.zip("alice"), gateway.serviceAddress(), gateway.podAddress());

    assertThat(said)
        .contains("initiate completed successfully")
        .contains("encap type espinudp")
        .contains("pod=echo")
        .contains("5 packets transmitted, 5 received");
    // a tun device would mean that charon encrypts by itself
    assertThat(said).contains("carried by the kernel").doesNotContain("ipsec0");
  }

  @Test
  void givenEntraIdBesidesLive_whenDialled_thenIkev2StaysWithCertificates() {
    try {
      gateway.patch(
          "{\"spec\":{\"authenticationTypes\":[\"Certificate\",\"EntraID\"],\"entraID\":{\"tenantId\":"
              + "\"11111111-2222-3333-4444-555555555555\","
              + "\"audience\":\"c632b3df-fb67-4d84-bdcf-b95ad541b5c8\"}}}");
      installation.applyText(profile("alice", false) + "  authenticationType: Certificate\n");
      installation.awaitReady(VPN, "office");

      alice.connect(gateway.zip("alice"));

      assertThat(gateway.sessions()).contains("\"protocol\":\"IKEv2\"");
    } finally {
      gateway.patch("{\"spec\":{\"authenticationTypes\":[\"Certificate\"],\"entraID\":null}}");
      installation.awaitReady(VPN, "office");
    }
  }

  @Test
  void givenASession_whenItsProfileIsSuspended_thenItEndsAndCannotComeBackUntilItIsLifted() {
    alice.connect(gateway.zip("alice"));
    Traffic traffic = Traffic.start(alice, gateway.podAddress());
    traffic.awaitReplies(5);
    byte[] handedOut = gateway.zip("alice");

    installation.applyText(profile("alice", true));

    traffic.awaitSilence();
    alice.awaitDisconnected();
    assertThat(alice.dial(handedOut)).contains("AUTHENTICATION_FAILED");
    installation.applyText(profile("alice", false));
    Office.await(
        "alice is welcome again",
        () -> alice.dial(handedOut).contains("initiate completed successfully"));
  }

  @Test
  void givenTheLimit_whenOpenVpnHasTakenAllOfIt_thenIkev2IsRefused() {
    try (VpnClient bob = new VpnClient();
        VpnClient carol = new VpnClient()) {
      bob.connect(installation.ovpn(VPN, "bob"));
      carol.connect(installation.ovpn(VPN, "carol"));

      alice.dial(gateway.zip("alice"));

      alice.awaitDisconnected();
      assertThat(gateway.sessions()).doesNotContain("IKEv2");
      bob.hangUp();
      Office.await(
          "room for alice",
          () -> {
            alice.dial(gateway.zip("alice"));
            return gateway.sessions().contains("IKEv2");
          });
    }
  }

  @Test
  void givenTraffic_whenTheAgentIsKilled_thenItGoesOnAndCanStillBeRevoked() {
    alice.connect(gateway.zip("alice"));
    Traffic traffic = Traffic.start(alice, gateway.podAddress());
    traffic.awaitReplies(5);

    gateway.kill("agent");
    traffic.awaitReplies(15);
    installation.awaitReady(VPN, "office");
    traffic.awaitReplies(15);

    assertThat(traffic.longestGap()).isLessThan(2);
    assertThat(alice.connections()).contains("ESTABLISHED");
    installation.applyText(profile("alice", true));
    traffic.awaitSilence();
    alice.awaitDisconnected();
  }

  @Test
  void givenTraffic_whenAllOfThePodIsKilled_thenTheClientComesBackByItself() {
    alice.connect(gateway.zip("alice"));
    Traffic traffic = Traffic.start(alice, gateway.podAddress());
    traffic.awaitReplies(5);
    String before = gateway.address();

    gateway.killEverything();

    Office.await(
        "the pod at another address",
        Duration.ofMinutes(2),
        () -> !gateway.address().isEmpty() && !gateway.address().equals(before));
    int answered = traffic.replies().size();
    Office.await(
        "traffic again, at the client's old ports",
        Duration.ofMinutes(4),
        () -> traffic.replies().size() >= answered + 10);
    Progress.say(
        "IKEv2, all of the pod killed: %.0f s until traffic was back", traffic.longestGap());
    assertThat(traffic.longestGap()).as("by the package's own patience").isLessThan(90);
    Office.await("one session", () -> gateway.connected() == 1);
  }

  @Test
  void givenASession_whenTheRootIsRemovedAndAddedLive_thenItEndsAndAnotherBegins() {
    installation.applyText(root("partners"));
    installation.applyText(profile("dave", false).replace("office-root", "partners"));
    byte[] dave = gateway.zip("dave");
    Office.await(
        "dave's root counts", () -> alice.dial(dave).contains("initiate completed successfully"));
    Traffic traffic = Traffic.start(alice, gateway.podAddress());
    traffic.awaitReplies(5);

    cluster.kubectl("-n", VPN, "delete", "rootcertificate", "partners");

    traffic.awaitSilence();
    alice.awaitDisconnected();
    assertThat(alice.dial(dave)).contains("AUTHENTICATION_FAILED");
  }

  @Test
  void givenARevocationList_whenItNamesPeopleAndThenEnds_thenTheyAreOutAndNobodyNewIsIn() {
    CompanyPki company = new CompanyPki(cluster);
    CertificateAuthority.Leaf dora = company.person("dora");
    CertificateAuthority.Leaf eric = company.person("eric");
    CertificateAuthority.Leaf fred = company.person("fred");
    byte[] doras = CompanyPki.with(dora, gateway.zip("alice"));
    String erics = CompanyPki.with(eric, installation.ovpn(VPN, "bob"));
    company.publish(Duration.ofSeconds(60));
    company.upload("office", installation);
    Office.await("the list", () -> company.list().getStatus().equals("True"));
    assertThat(company.list().getMessage()).contains("CN=Corp issuing", "names 0 certificates");
    try (VpnClient laptop = new VpnClient();
        VpnClient other = new VpnClient()) {
      Office.await(
          "dora is in", () -> alice.dial(doras).contains("initiate completed successfully"));
      laptop.connect(erics);
      Traffic byIkev2 = Traffic.start(alice, gateway.podAddress());
      Traffic byOpenVpn = Traffic.start(laptop, gateway.podAddress());
      byIkev2.awaitReplies(5);
      byOpenVpn.awaitReplies(5);

      company.publish(
          Duration.ofSeconds(60),
          dora.certificate().getSerialNumber(),
          eric.certificate().getSerialNumber());

      byIkev2.awaitSilence();
      byOpenVpn.awaitSilence();
      alice.awaitDisconnected();
      assertThat(alice.dial(doras)).contains("AUTHENTICATION_FAILED");
      Office.await("the sentence", () -> laptop.log().contains("certificate has been revoked"));
      Office.await(
          "the condition", () -> company.list().getMessage().contains("names 2 certificates"));

      company.withdraw();
      Office.await("a list that is over", () -> company.list().getReason().equals("ListStale"));
      assertThat(company.list().getMessage()).contains("new clients are refused", "answers 404");
      other.dial(CompanyPki.with(fred, installation.ovpn(VPN, "bob")));
      Office.await("no word of a list", () -> other.log().contains("has no valid list"));
      cluster.kubectl(
          "-n",
          VPN,
          "patch",
          "rootcertificate",
          "corp",
          "--type=merge",
          "-p",
          "{\"spec\":{\"revocation\":{\"crl\":{\"ifStale\":\"Allow\"}}}}");
      Office.await("fred is in", () -> other.log().contains("Initialization Sequence Completed"));
      assertThat(alice.dial(doras)).contains("AUTHENTICATION_FAILED");
    } finally {
      cluster.kubectl("-n", VPN, "delete", "rootcertificate", "corp");
      cluster.kubectl("-n", VPN, "delete", "pod", "pki", "--wait=false");
    }
  }

  @Test
  void givenASession_whenThePolicyIsHardenedLive_thenItGoesOnAndTheNextOneIsHardened() {
    alice.connect(gateway.zip("alice"));
    byte[] before = gateway.zip("alice");
    Traffic traffic = Traffic.start(alice, gateway.podAddress());
    traffic.awaitReplies(5);
    assertThat(alice.connections()).contains("MODP_2048_256");
    try {
      gateway.patch("{\"spec\":{\"ipsecPreset\":\"Hardened\"}}");
      installation.awaitReady(VPN, "office");
      traffic.awaitReplies(10);
      assertThat(traffic.longestGap()).isLessThan(2);

      alice.hangUp();
      Office.await(
          "the hardened policy",
          () -> {
            alice.dial(before);
            String connection = alice.connections();
            alice.hangUp();
            return connection.contains("MODP_2048") && !connection.contains("MODP_2048_256");
          });
    } finally {
      gateway.patch("{\"spec\":{\"ipsecPreset\":null}}");
    }
  }

  private static String profile(String person, boolean suspended) {
    return """
    apiVersion: p2s.dev/v1alpha1
    kind: ClientProfile
    metadata: {name: %1$s, namespace: vpn}
    spec:
      gatewayRef: {name: office}
      user: %1$s@example.com
      suspended: %2$s
      certificate: {issued: {rootRef: {name: office-root}}}
    """
        .formatted(person, suspended);
  }

  private static String root(String name) {
    return """
    apiVersion: p2s.dev/v1alpha1
    kind: RootCertificate
    metadata: {name: %s, namespace: vpn}
    spec:
      gatewayRef: {name: office}
      selfSigned: {commonName: %s}
    """
        .formatted(name, name);
  }
}

package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * People of two policy groups at one gateway, by the domains in their certificates. Time budget: 2
 * min.
 */
class GroupsClusterIT {

  private static final String NAMESPACE = "groups-of-people";
  private static final String GATEWAY =
      """
      apiVersion: p2s.dev/v1alpha1
      kind: P2SGateway
      metadata: {name: grouped, namespace: %1$s}
      spec:
        clientAddressPools: [172.31.216.0/27]
        exposure: {type: NodePort, nodePort: 30947, address: %2$s}
        openVpn: {processes: 1}
        policyGroups:
          - name: engineers
            priority: 10
            members: [{type: CertificateGroupId, value: eng.example}]
            clientAddressPools: [172.31.217.0/27]
            allow:
              - services: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: vpn}}}
          - name: everyone
            priority: 100
            default: true
            allow: [{cidr: %3$s/32, ports: [{port: 8080}]}]
      ---
      apiVersion: p2s.dev/v1alpha1
      kind: RootCertificate
      metadata: {name: grouped-root, namespace: %1$s}
      spec:
        gatewayRef: {name: grouped}
        selfSigned: {commonName: Grouped VPN root}
      """;
  private static final String PROFILE =
      """
      apiVersion: p2s.dev/v1alpha1
      kind: ClientProfile
      metadata: {name: %2$s, namespace: %1$s}
      spec:
        gatewayRef: {name: grouped}
        user: %2$s@%3$s
      """;

  private static Office office;
  private static TestCluster cluster;
  private static String service;
  private static String pod;

  @BeforeAll
  static void aGatewayOfTwoGroups() {
    office = Office.ready();
    cluster = office.cluster();
    cluster.namespace(NAMESPACE, "privileged");
    pod = office.echoAddress();
    service = address("echo");
    office.installation().applyText(GATEWAY.formatted(NAMESPACE, cluster.nodeAddress(), pod));
    office.installation().applyText(PROFILE.formatted(NAMESPACE, "alice", "eng.example"));
    office.installation().applyText(PROFILE.formatted(NAMESPACE, "bob", "corp.example"));
    office.installation().awaitReady(NAMESPACE, "grouped");
  }

  @AfterAll
  static void noTrace() {
    cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false");
    cluster.kubectl(
        "-n", Office.NAMESPACE, "delete", "service", "echo-later", "--ignore-not-found");
  }

  @Test
  void givenTwoGroups_whenTheirPeopleConnectAndOneGroupChanges_thenEachHasItsOwnReach() {
    try (VpnClient alice = new VpnClient().connect(ovpn("alice"));
        VpnClient bob = new VpnClient().connect(ovpn("bob"))) {
      assertThat(alice.tunnelAddress()).startsWith("172.31.217.");
      assertThat(bob.tunnelAddress()).startsWith("172.31.216.");
      // alice: the namespace's Services, not the Pods behind them; bob: one Pod's port
      assertThat(answers(alice, service + ":80")).isTrue();
      assertThat(answers(alice, pod + ":8080")).isFalse();
      assertThat(answersInTheTunnel(alice, pod + ":8080")).isFalse();
      assertThat(answers(bob, pod + ":8080")).isTrue();
      assertThat(answersInTheTunnel(bob, service + ":80")).isFalse();
      assertThat(bob.exec("ping", "-c", "1", "-W", "1", pod).getExitCode()).isNotZero();

      String alices = sessionOf("alice");
      String bobs = sessionOf("bob");
      assertThat(alices).contains("\"group\":\"engineers\"");
      calls(alice, service + ":80");
      calls(bob, pod + ":8080");

      everyoneReaches("[{\"cidr\":\"" + service + "/32\"}]");
      double changed = Double.parseDouble(bob.run("date", "+%s.%N").strip());

      // at once: before bob's client is asked to dial again, three seconds later
      Office.await("bob's calls to fail", () -> sinceLastCall(bob) > 3);
      double lasted = calls(bob).getLast() - changed;
      Progress.say("bob's calls went on for %.2f s after his group had changed", lasted);
      assertThat(lasted).as("seconds that bob's calls went on after the change").isLessThan(3);
      // then his client learns what it may reach now, and nobody else's is moved
      Office.await("bob's new route", () -> answers(bob, service + ":80"));
      assertThat(bob.run("ip", "route")).doesNotContain(pod);
      assertThat(sessionOf("bob")).isNotEqualTo(bobs);
      assertThat(sinceLastCall(alice)).isLessThan(2);
      Progress.say("alice's longest gap meanwhile: %.2f s", longestGap(alice));
      assertThat(longestGap(alice)).as("alice's calls").isLessThan(2);
      assertThat(sessionOf("alice")).isEqualTo(alices);

      office
          .installation()
          .applyText(
              """
              apiVersion: v1
              kind: Service
              metadata: {name: echo-later, namespace: vpn}
              spec:
                selector: {app: echo}
                ports: [{port: 8081, targetPort: 8080}]
              """);
      Office.await("the new Service", () -> answers(alice, address("echo-later") + ":8081"));
      cluster.kubectl("-n", Office.NAMESPACE, "delete", "service", "echo-later");
      assertThat(sessionOf("alice")).isEqualTo(alices);
    }
  }

  private static void everyoneReaches(String allow) {
    cluster.kubectl(
        "-n",
        NAMESPACE,
        "patch",
        "p2sgateway",
        "grouped",
        "--type=json",
        "-p",
        "[{\"op\":\"replace\",\"path\":\"/spec/policyGroups/1/allow\",\"value\":" + allow + "}]");
  }

  private static String ovpn(String profile) {
    return office.installation().ovpn(NAMESPACE, profile);
  }

  private static String address(String name) {
    return cluster
        .client()
        .services()
        .inNamespace(Office.NAMESPACE)
        .withName(name)
        .get()
        .getSpec()
        .getClusterIP();
  }

  /** By the routes that the client has. Outside the tunnel a stranger may answer, by an error. */
  private static boolean answers(VpnClient client, String address) {
    return client
            .exec("curl", "-sf", "-m", "2", "-o", "/dev/null", "http://" + address + "/")
            .getExitCode()
        == 0;
  }

  /** Whatever routes the client has. */
  private static boolean answersInTheTunnel(VpnClient client, String address) {
    client.run("ip", "route", "replace", address.split(":")[0] + "/32", "dev", "tun0");
    try {
      return answers(client, address);
    } finally {
      client.run("ip", "route", "del", address.split(":")[0] + "/32", "dev", "tun0");
    }
  }

  /** Calls again and again, and notes when it was answered. */
  private static void calls(VpnClient client, String address) {
    client.run(
        "sh",
        "-c",
        "(while :; do curl -sf -m 1 -o /dev/null http://"
            + address
            + "/ && date +%s.%N >> /vpn/calls; sleep 0.1; done) > /dev/null 2>&1 &");
    Office.await("calls through the tunnel", () -> calls(client).size() > 5);
  }

  private static List<Double> calls(VpnClient client) {
    return client.run("cat", "/vpn/calls").lines().map(Double::parseDouble).toList();
  }

  private static double sinceLastCall(VpnClient client) {
    return Double.parseDouble(client.run("date", "+%s.%N").strip()) - calls(client).getLast();
  }

  private static double longestGap(VpnClient client) {
    List<Double> calls = calls(client);
    double longest = 0;
    for (int i = 1; i < calls.size(); i++) {
      longest = Math.max(longest, calls.get(i) - calls.get(i - 1));
    }
    return longest;
  }

  /** What the agent keeps of somebody's session. */
  private static String sessionOf(String profile) {
    return cluster.kubectl(
        "-n",
        NAMESPACE,
        "exec",
        "grouped-0",
        "-c",
        "agent",
        "--",
        "sh",
        "-c",
        "grep -h '" + profile + "@' /run/p2s/agent/sessions/*.json");
  }
}

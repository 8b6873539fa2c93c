package dev.p2s.bench;

import dev.p2s.cluster.Installation;
import dev.p2s.cluster.Progress;
import dev.p2s.cluster.TestCluster;
import dev.p2s.cluster.VpnClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What OpenVPN through a gateway costs beside a bare server with the same keys and ciphers. */
final class OpenVpnFigures {

  private static final String NAMESPACE = "vpn";
  private static final String GATEWAY = "crowd";
  private static final String ROOT = "crowd-root";
  private static final String PERSON = "crowd-0";
  private static final String BARE = "openvpn alone, same keys and ciphers";
  private static final String PEOPLE_OF_THE_GATEWAY =
      "P2S_ROLE=agent|dev[.]p2s[.]netd[.]Netd|(/usr/sbin/)?openvpn";

  private static final String OBJECTS =
      """
      apiVersion: p2s.dev/v1alpha1
      kind: P2SGateway
      metadata: {name: crowd, namespace: vpn}
      spec:
        sku: {custom: {connections: 1000}}
        clientAddressPools: [172.30.248.0/22]
        exposure: {type: HostPort}
      ---
      apiVersion: p2s.dev/v1alpha1
      kind: RootCertificate
      metadata: {name: crowd-root, namespace: vpn}
      spec:
        gatewayRef: {name: crowd}
        selfSigned: {}
      """;

  private static final String PROFILE =
      """
      apiVersion: p2s.dev/v1alpha1
      kind: ClientProfile
      metadata: {name: crowd-%d, namespace: vpn}
      spec: {gatewayRef: {name: crowd}}
      """;

  private final TestCluster cluster;
  private final Installation installation;
  private final Results results;

  OpenVpnFigures(TestCluster cluster, Results results) {
    this.cluster = cluster;
    this.installation = new Installation(cluster);
    this.results = results;
  }

  void measure() {
    installation.applyText(OBJECTS);
    int people = 20;
    IntStream.rangeClosed(0, people).forEach(i -> installation.applyText(PROFILE.formatted(i)));
    installation.awaitReady(NAMESPACE, GATEWAY);
    String ovpn = installation.ovpn(NAMESPACE, PERSON);
    String echo = installation.echoService(NAMESPACE);
    String flood = FloodPod.in(cluster, NAMESPACE);
    String web = "http://" + echo + "/";
    try (BareServer bare = new BareServer(cluster, NAMESPACE, GATEWAY, ROOT, echo, flood)) {
      String bareOvpn = bare.dialledBy(ovpn);
      Progress.say("OpenVPN: dialling");
      results.add(
          "OpenVPN: dial to first HTTP byte",
          Dialling.measure(ovpn, web, 5),
          Dialling.measure(bareOvpn, web, 5),
          BARE);
      connections(ovpn, bareOvpn, bare);
      Progress.say("OpenVPN: goodput");
      try (VpnClient mine = new VpnClient();
          VpnClient theirs = new VpnClient()) {
        Goodput.compare(
            "OpenVPN: goodput of a connection",
            new Goodput.Line(mine.connect(ovpn), flood),
            new Goodput.Line(theirs.connect(bareOvpn), flood),
            BARE,
            3,
            results);
      }
    }
    Progress.say("OpenVPN: %d revocations", people);
    Samples revocations =
        new Revocation(cluster, installation, NAMESPACE, GATEWAY)
            .measure(IntStream.rangeClosed(1, people).mapToObj(i -> "crowd-" + i).toList());
    results.add("revoked: accepted to session gone, p50", revocations);
    results.add(
        "revoked: accepted to session gone, p99", revocations.quantile(0.99), revocations, 1000);
    storm(ovpn);
  }

  private void connections(String ovpn, String bareOvpn, BareServer bare) {
    int people = 60;
    int rounds = 3;
    Progress.say("OpenVPN: %d people dial at once", people);
    List<Double> mine = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    List<Double> myTime = new ArrayList<>();
    List<Double> theirTime = new ArrayList<>();
    try (Crowd ours = new Crowd(ovpn);
        Crowd anchor = new Crowd(bareOvpn)) {
      for (int i = 0; i < rounds; i++) {
        long before = processorTime();
        mine.add(people * 1000.0 / ours.dial(people));
        myTime.add((processorTime() - before) / (double) people);
        ours.hangUp();
        before = bare.processorTime();
        theirs.add(people * 1000.0 / anchor.dial(people));
        theirTime.add((bare.processorTime() - before) / (double) people);
        anchor.hangUp();
      }
    }
    results.add(
        "OpenVPN: connections a second", Samples.of("/s", mine), Samples.of("/s", theirs), BARE);
    results.add(
        "OpenVPN: processor time a connection, all of the pod",
        Samples.of("ms", myTime),
        Samples.of("ms", theirTime),
        BARE);
  }

  private void storm(String ovpn) {
    int people = 500;
    Progress.say("OpenVPN: %d people, then all servers die", people);
    PodMemory memory = new PodMemory(cluster);
    double before = memory.total(PEOPLE_OF_THE_GATEWAY);
    try (Crowd crowd = new Crowd(ovpn)) {
      crowd.dial(people);
      double perSession = (memory.total(PEOPLE_OF_THE_GATEWAY) - before) * 1024 / people;
      results.add("memory a session, all of the pod", Samples.of("kB", List.of(perSession)));
      long arrivals = crowd.arrivals();
      long begin = System.currentTimeMillis();
      cluster.onNode("pkill", "-KILL", "-x", "openvpn");
      crowd.awaitArrivals(arrivals + people);
      results.add(
          "500 people are back after all servers died",
          Samples.of("ms", List.of(System.currentTimeMillis() - begin)));
      double failures = people - crowd.clients();
      results.add(
          "500 people: clients that gave up", failures, Samples.of("", List.of(failures)), 0);
    }
  }

  private long processorTime() {
    return ProcessorTime.onNode(cluster, PEOPLE_OF_THE_GATEWAY);
  }
}

package dev.p2s.bench;

import dev.p2s.cluster.Installation;
import dev.p2s.cluster.Progress;
import dev.p2s.cluster.RadiusMachine;
import dev.p2s.cluster.TestCluster;
import dev.p2s.cluster.VpnClient;
import dev.p2s.sstp.client.SstpTestClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What SSTP costs beside OpenVPN over TCP, both through gateways of the same cluster in the same
 * minutes: in turn, so that whatever else the machine does falls on both. SSTP's people say a
 * password to a FreeRADIUS, OpenVPN's show a certificate.
 */
final class SstpFigures {

  private static final String NAMESPACE = "vpn";
  private static final String BESIDE = "OpenVPN over TCP, same cluster";
  private static final String ENDPOINT = "dev[.]p2s[.]sstp[.]process[.]SstpProcess";
  private static final String OPENVPN = "(/usr/sbin/)?openvpn";
  private static final int SSTP_PORT = 443;
  private static final int PEOPLE = 60;
  private static final int ROUNDS = 3;
  private static final int WARM_ROUNDS = 6;

  private static final String OBJECTS =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: bench-radius, namespace: vpn}
      stringData: {shared: "%2$s"}
      ---
      apiVersion: p2s.dev/v1alpha1
      kind: P2SGateway
      metadata: {name: sstp, namespace: vpn}
      spec:
        tunnelTypes: [SSTP]
        authenticationTypes: [RADIUS]
        radius: {servers: [{address: "%1$s", secretRef: {name: bench-radius, key: shared}}]}
        clientAddressPools: [172.30.241.0/24]
        exposure: {type: HostPort}
      ---
      apiVersion: p2s.dev/v1alpha1
      kind: P2SGateway
      metadata: {name: beside, namespace: vpn}
      spec:
        clientAddressPools: [172.30.240.0/24]
        exposure: {type: NodePort, nodePort: 30952, address: %3$s}
      ---
      apiVersion: p2s.dev/v1alpha1
      kind: RootCertificate
      metadata: {name: beside-root, namespace: vpn}
      spec: {gatewayRef: {name: beside}, selfSigned: {}}
      ---
      apiVersion: p2s.dev/v1alpha1
      kind: ClientProfile
      metadata: {name: beside-person, namespace: vpn}
      spec: {gatewayRef: {name: beside}}
      """;

  private final TestCluster cluster;
  private final Results results;

  SstpFigures(TestCluster cluster, Results results) {
    this.cluster = cluster;
    this.results = results;
  }

  void measure() {
    Installation installation = new Installation(cluster);
    // the node has one port 443, and no SSTP client can be told another
    cluster.kubectl("delete", "p2sgateway", "--all", "-n", NAMESPACE, "--timeout=120s");
    try (RadiusMachine radius = new RadiusMachine()) {
      installation.applyText(
          OBJECTS.formatted(radius.address(), RadiusMachine.SECRET, cluster.nodeAddress()));
      installation.awaitReady(NAMESPACE, "sstp");
      installation.awaitReady(NAMESPACE, "beside");
      String ovpn = installation.ovpn(NAMESPACE, "beside-person");
      setUps(ovpn);
      goodput(ovpn);
      cluster.kubectl("delete", "p2sgateway", "sstp", "beside", "-n", NAMESPACE, "--wait=false");
    }
  }

  private void setUps(String ovpn) {
    Progress.say("SSTP and OpenVPN: %d people dial at once", PEOPLE);
    List<Double> ours = new ArrayList<>();
    List<Double> anchor = new ArrayList<>();
    List<Double> myTime = new ArrayList<>();
    List<Double> theirTime = new ArrayList<>();
    List<Double> myMemory = new ArrayList<>();
    List<Double> theirMemory = new ArrayList<>();
    PodMemory memory = new PodMemory(cluster);
    try (Crowd crowd = new Crowd(ovpn)) {
      warmUp(crowd);
      for (int i = 0; i < ROUNDS; i++) {
        double heldBefore = memory.total(ENDPOINT);
        long usedBefore = processorTime(ENDPOINT);
        List<SstpTestClient> clients = dial(ours);
        myTime.add((processorTime(ENDPOINT) - usedBefore) / (double) PEOPLE);
        myMemory.add((memory.total(ENDPOINT) - heldBefore) * 1024 / PEOPLE);
        hangUp(clients);
        heldBefore = memory.total(OPENVPN);
        usedBefore = processorTime(OPENVPN);
        anchor.add(PEOPLE * 1000.0 / crowd.dial(PEOPLE));
        theirTime.add((processorTime(OPENVPN) - usedBefore) / (double) PEOPLE);
        theirMemory.add((memory.total(OPENVPN) - heldBefore) * 1024 / PEOPLE);
        crowd.hangUp();
      }
    }
    compare("SSTP: connections a second", "/s", ours, anchor);
    compare("SSTP: processor time a connection, endpoint", "ms", myTime, theirTime);
    compare("SSTP: memory a session, endpoint", "kB", myMemory, theirMemory);
  }

  private void goodput(String ovpn) {
    Progress.say("SSTP and OpenVPN: goodput");
    String target = FloodPod.in(cluster, NAMESPACE);
    try (SstpCaller mine =
            new SstpCaller(cluster.nodeAddress(), SSTP_PORT, "alice", RadiusMachine.ALICE, target);
        VpnClient theirs = new VpnClient()) {
      Goodput.Line ours = new Goodput.Line(mine, target);
      Goodput.Line anchor = new Goodput.Line(theirs.connect(ovpn), target);
      warmUp(ours, anchor);
      for (String[] direction : new String[][] {{"-R"}, {}}) {
        List<Double> rates = new ArrayList<>();
        List<Double> anchorRates = new ArrayList<>();
        List<Double> perCore = new ArrayList<>();
        List<Double> anchorPerCore = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
          measure(ours, ENDPOINT, rates, perCore, direction);
          measure(anchor, OPENVPN, anchorRates, anchorPerCore, direction);
        }
        String which = direction.length == 0 ? ", from the client" : ", to the client";
        compare("SSTP: goodput of a connection" + which, "Mb/s", rates, anchorRates);
        compare("SSTP: goodput a core of the endpoint" + which, "Mb/s", perCore, anchorPerCore);
      }
    }
  }

  /**
   * A gateway's endpoint runs for weeks: what Java compiles in its first half minute is a figure of
   * its own, and none of what a core carries.
   */
  private void warmUp(Goodput.Line ours, Goodput.Line anchor) {
    for (String[] direction : new String[][] {{"-R"}, {}}) {
      String which = direction.length == 0 ? ", from the client" : ", to the client";
      List<Double> rates = new ArrayList<>();
      List<Double> first = new ArrayList<>();
      measure(ours, ENDPOINT, rates, first, direction);
      results.add("SSTP: goodput a core in the first 5 s" + which, Samples.of("Mb/s", first));
      for (int i = 1; i < WARM_ROUNDS; i++) {
        ours.megabits(direction);
      }
      anchor.megabits(direction);
    }
  }

  /** The same for those who dial. */
  private void warmUp(Crowd crowd) {
    List<Double> first = new ArrayList<>();
    hangUp(dial(first));
    results.add("SSTP: connections a second, the first " + PEOPLE, Samples.of("/s", first));
    crowd.dial(PEOPLE);
    crowd.hangUp();
  }

  private void measure(
      Goodput.Line line,
      String server,
      List<Double> rates,
      List<Double> perCore,
      String... direction) {
    long before = processorTime(server);
    double rate = line.megabits(direction);
    rates.add(rate);
    double cores = (processorTime(server) - before) / 1000.0 / Goodput.SENT_SECONDS;
    perCore.add(rate / Math.max(cores, 0.01));
  }

  private void compare(String what, String unit, List<Double> ours, List<Double> anchor) {
    results.add(what, Samples.of(unit, ours), Samples.of(unit, anchor), BESIDE);
  }

  /**
   * All at once.
   *
   * @param rates to which is added how many came in a second
   */
  private List<SstpTestClient> dial(List<Double> rates) {
    InetSocketAddress gateway = new InetSocketAddress(cluster.nodeAddress(), SSTP_PORT);
    Callable<SstpTestClient> one =
        () -> {
          SstpTestClient client = new SstpTestClient(gateway);
          client.within(60_000);
          client.post();
          client.request(1);
          String refused = client.login("alice", RadiusMachine.ALICE, false);
          if (!refused.isEmpty()) {
            throw new IllegalStateException(refused);
          }
          client.bind(SstpTestClient.Binding.RIGHT);
          client.addresses();
          return client;
        };
    long begin = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<SstpTestClient>> calls = new ArrayList<>();
      for (int i = 0; i < PEOPLE; i++) {
        calls.add(threads.submit(one));
      }
      List<SstpTestClient> clients = new ArrayList<>();
      for (Future<SstpTestClient> call : calls) {
        clients.add(call.get());
      }
      rates.add(PEOPLE * 1e9 / (System.nanoTime() - begin));
      return clients;
    } catch (ExecutionException e) {
      throw new IllegalStateException("somebody did not come in", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void hangUp(List<SstpTestClient> clients) {
    clients.forEach(
        client -> {
          try {
            client.close();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private long processorTime(String of) {
    return ProcessorTime.onNode(cluster, of);
  }
}

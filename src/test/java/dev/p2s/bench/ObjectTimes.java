package dev.p2s.bench;

import dev.p2s.api.v1alpha1.ClientProfile;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.cluster.Installation;
import dev.p2s.cluster.TestCluster;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** How long objects take from their creation to what a person waits for, in milliseconds. */
final class ObjectTimes {

  private final TestCluster cluster;
  private final String namespace;
  private int made;

  ObjectTimes(TestCluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /** A gateway until it is Ready, one after the other; images are on the node. */
  Samples gateways(int times) {
    List<Long> values = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      String name = "bench-" + i;
      var gateways = cluster.client().resources(P2SGateway.class).inNamespace(namespace);
      long begin = System.nanoTime();
      gateways.resource(gateway(name, i)).create();
      gateways
          .withName(name)
          .waitUntilCondition(
              gateway ->
                  gateway != null
                      && gateway.getStatus() != null
                      && gateway.getStatus().conditions() != null
                      && Installation.holds(gateway.getStatus().conditions(), "Programmed")
                      && Installation.holds(gateway.getStatus().conditions(), "Ready"),
              2,
              TimeUnit.MINUTES);
      values.add((System.nanoTime() - begin) / 1_000_000);
      gateways.withName(name).delete();
      cluster
          .client()
          .pods()
          .inNamespace(namespace)
          .withName(name + "-0")
          .waitUntilCondition(Objects::isNull, 2, TimeUnit.MINUTES);
    }
    return Samples.of("ms", values);
  }

  /** A profile of a gateway until its package's Secret is there, key and certificate included. */
  Samples profiles(String gateway, int times) {
    List<Long> values = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      // never the name of one that is going
      String name = "bench-" + made++;
      names.add(name);
      var profiles = cluster.client().resources(ClientProfile.class).inNamespace(namespace);
      var secret = cluster.client().secrets().inNamespace(namespace).withName(name + "-vpn");
      long begin = System.nanoTime();
      profiles.resource(profile(name, gateway)).create();
      secret.waitUntilCondition(Objects::nonNull, 1, TimeUnit.MINUTES);
      values.add((System.nanoTime() - begin) / 1_000_000);
    }
    names.forEach(
        name ->
            cluster
                .client()
                .resources(ClientProfile.class)
                .inNamespace(namespace)
                .withName(name)
                .delete());
    return Samples.of("ms", values);
  }

  private P2SGateway gateway(String name, int number) {
    return Serialization.unmarshal(
        """
        apiVersion: p2s.dev/v1alpha1
        kind: P2SGateway
        metadata: {name: %s, namespace: %s}
        spec:
          clientAddressPools: [172.30.%d.0/24]
          exposure: {type: ClusterIP}
        """
            .formatted(name, namespace, number),
        P2SGateway.class);
  }

  private ClientProfile profile(String name, String gateway) {
    return Serialization.unmarshal(
        """
        apiVersion: p2s.dev/v1alpha1
        kind: ClientProfile
        metadata: {name: %s, namespace: %s}
        spec:
          gatewayRef: {name: %s}
          user: %s@example.com
        """
            .formatted(name, namespace, gateway, name),
        ClientProfile.class);
  }
}

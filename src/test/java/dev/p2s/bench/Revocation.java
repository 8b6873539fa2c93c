package dev.p2s.bench;

import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.cluster.Installation;
import dev.p2s.cluster.TestCluster;
import dev.p2s.cluster.VpnClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * From the API server's acceptance of a thumbprint until the session of its certificate is gone:
 * its client is told, after the kernel has let go of it. That it dials again and is refused then
 * comes a second later, which is the client's own pause.
 */
final class Revocation {

  private static final String TOLD =
      """
      until grep -qs 'Connection reset command was pushed' /vpn/%1$s.log; do sleep 0.005; done; date +%%s%%3N
      """;

  private final TestCluster cluster;
  private final Installation installation;
  private final String namespace;
  private final String gateway;

  Revocation(TestCluster cluster, Installation installation, String namespace, String gateway) {
    this.cluster = cluster;
    this.installation = installation;
    this.namespace = namespace;
    this.gateway = gateway;
  }

  /**
   * One person after the other is taken out.
   *
   * @param people names of profiles
   */
  Samples measure(List<String> people) {
    List<Long> values = new ArrayList<>();
    List<String> revoked = new ArrayList<>();
    try (VpnClient machine = new VpnClient()) {
      machine.run("mkdir", "-p", "/vpn");
      for (String person : people) {
        connect(machine, person);
      }
      for (String person : people) {
        CompletableFuture<String> told =
            CompletableFuture.supplyAsync(
                () -> machine.run("bash", "-c", TOLD.formatted(person)).strip());
        revoked.add("{\"thumbprint\":\"%s\"}".formatted(thumbprint(person)));
        revoke(revoked);
        long accepted = System.currentTimeMillis();
        values.add(Math.max(0, Long.parseLong(told.join()) - accepted));
      }
    } finally {
      revoke(List.of());
    }
    return Samples.of("ms", values);
  }

  private void connect(VpnClient machine, String person) {
    machine.run(
        "sh",
        "-c",
        "cat > /vpn/"
            + person
            + ".ovpn << 'END'\n"
            + installation.ovpn(namespace, person)
            + "\nEND");
    machine.run(
        "bash",
        "-c",
        // the first log that is named counts, and the package names one
        "cd /vpn && openvpn --log %1$s.log --config %1$s.ovpn --dev null --ifconfig-noexec --route-noexec --daemon && until grep -qs 'Initialization Sequence Completed' %1$s.log; do sleep 0.05; done"
            .formatted(person));
  }

  private String thumbprint(String person) {
    return installation.profile(namespace, person).getStatus().certificate().thumbprint();
  }

  private void revoke(List<String> thumbprints) {
    cluster
        .client()
        .resources(P2SGateway.class)
        .inNamespace(namespace)
        .withName(gateway)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\":{\"revokedCertificates\":[" + String.join(",", thumbprints) + "]}}");
  }
}

package dev.p2s.bench;

import dev.p2s.catalog.IkePolicy;
import dev.p2s.catalog.IpsecPolicy;
import dev.p2s.cluster.Command;
import dev.p2s.cluster.StrongSwanClient;
import dev.p2s.cluster.TestCluster;
import dev.p2s.dataplane.StateSecret;
import dev.p2s.dataplane.ikev2.Proposals;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The anchor of what IKEv2 costs: Debian's charon alone in a container, with a gateway's keys and
 * policies and ESP in user space too; iperf3 listens behind it.
 */
final class BareCharon implements AutoCloseable {

  private static final Duration STEP = Duration.ofMinutes(1);

  private static final String CONFIGURATION =
      """
      connections {
        bare {
          version = 2
          pools = people
          send_cert = always
          fragmentation = yes
          mobike = yes
          unique = never
          rekey_time = 0s
          proposals = %s
          local {
            auth = pubkey
            certs = server.pem
            id = %s
          }
          remote {
            auth = pubkey
            cacerts = root.pem
          }
          children {
            net {
              local_ts = %s/32
              esp_proposals = %s
            }
          }
        }
      }
      pools {
        people {
          addrs = 172.31.252.0/24
        }
      }
      """;

  private final String id;
  private final BareTarget target;

  BareCharon(TestCluster cluster, String namespace, String gateway, String root) {
    Map<String, String> state = BareServer.secret(cluster, namespace, StateSecret.nameFor(gateway));
    id = BareTarget.container(StrongSwanClient.IMAGE);
    target = new BareTarget(address(), "172.31.252.0/24");
    Map<String, String> files = new LinkedHashMap<>();
    files.put(
        "x509ca/root.pem", BareServer.secret(cluster, namespace, root + "-key").get("tls.crt"));
    files.put("x509ca/gateway.pem", state.get(StateSecret.SERVER_CA));
    files.put("x509/server.pem", state.get(StateSecret.SERVER_RSA_CERTIFICATE));
    files.put("private/server.pem", state.get(StateSecret.SERVER_RSA_KEY));
    files.put(
        "swanctl.conf",
        CONFIGURATION.formatted(
            String.join(",", Proposals.ike(IkePolicy.all())),
            BareServer.secret(cluster, namespace, gateway + "-server-ca").get("server-name"),
            target.address(),
            String.join(",", Proposals.esp(IpsecPolicy.all()))));
    files.forEach(
        (name, text) ->
            Command.of("docker", "exec", "-i", id, "sh", "-c", "cat > /etc/swanctl/" + name)
                .run(STEP, text.getBytes(StandardCharsets.UTF_8))
                .required());
    BareTarget.docker("exec", id, "swanctl", "--load-all");
  }

  String address() {
    return BareTarget.addressOf(id);
  }

  String target() {
    return target.address();
  }

  @Override
  public void close() {
    target.close();
    BareTarget.docker("rm", "-f", id);
  }
}

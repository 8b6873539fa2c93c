package dev.p2s.agent.pod;

import static org.awaitility.Awaitility.await;

import dev.p2s.dataplane.StateSecret;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Somebody's machine with a stock strongSwan, on a cable of its own to the gateway. */
final class RoadWarrior {

  private final GatewayPod pod;
  private final StrongSwan strongSwan;
  private final String name;
  private final String gatewayAddress;
  private final Path directory;

  RoadWarrior(GatewayPod pod, StrongSwan strongSwan, Path parent, String shortName, int network)
      throws IOException {
    this.pod = pod;
    this.strongSwan = strongSwan;
    this.name = Machine.named(shortName);
    this.directory = Files.createDirectories(parent.resolve(shortName).resolve("swanctl"));
    this.gatewayAddress = "192.168." + network + ".1";
    pod.machine.namespace(name);
    pod.machine.cable(GatewayPod.POD, gatewayAddress + "/24", name, "192.168." + network + ".2/24");
    Files.writeString(
        directory.resolve("strongswan.conf"),
        """
        charon {
          load = random nonce openssl pem pkcs1 pkcs8 pkcs12 x509 constraints pubkey hmac sha1 sha2 aes gcm kdf curve25519 kernel-libipsec kernel-netlink socket-default vici eap-identity eap-tls eap-mschapv2 md4
          install_virtual_ip = yes
          retransmit_tries = 2
          filelog {
            stderr {
              path = stderr
              default = 1
            }
          }
          plugins {
            vici {
              socket = unix:///run/p2s/client.vici
            }
          }
        }
        """);
    strongSwan.start(
        pod.machine,
        name,
        name,
        directory,
        "STRONGSWAN_CONF=/run/p2s/strongswan.conf exec /usr/lib/ipsec/charon");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> Files.exists(directory.resolve("client.vici")));
  }

  /** Dials with a certificate for two networks; what swanctl says. */
  String dial(CertificateAuthority.Leaf leaf, String method, String ike, String esp)
      throws IOException {
    return dial(leaf, method, ike, esp, "0.0.0.0", "10.96.0.0/24,10.97.0.0/24");
  }

  /** Dials with a certificate, as forced tunnels' packages do. */
  String dialForEverything(CertificateAuthority.Leaf leaf, String ike, String esp)
      throws IOException {
    return dial(leaf, "pubkey", ike, esp, "0.0.0.0, ::", "0.0.0.0/0,::/0");
  }

  private String dial(
      CertificateAuthority.Leaf leaf,
      String method,
      String ike,
      String esp,
      String addresses,
      String networks)
      throws IOException {
    for (String folder : List.of("x509", "x509ca", "private")) {
      Files.createDirectories(directory.resolve(folder));
    }
    Files.writeString(directory.resolve("x509/me.pem"), Pem.certificate(leaf.certificate()));
    Files.writeString(directory.resolve("private/me.pem"), Pem.key(leaf.key()));
    Files.writeString(directory.resolve("x509ca/gateway.pem"), pod.key(StateSecret.SERVER_CA));
    Files.writeString(
        directory.resolve("swanctl.conf"),
        """
        connections {
          gateway {
            version = 2
            remote_addrs = %s
            vips = %s
            proposals = %s
            local {
              auth = %s
              certs = me.pem
            }
            remote {
              auth = pubkey
              id = %s
            }
            children {
              net {
                remote_ts = %s
                esp_proposals = %s
              }
            }
          }
        }
        """
            .formatted(gatewayAddress, addresses, ike, method, GatewayPod.NAME, networks, esp));
    return swanctl("--load-all") + swanctl("--initiate --child net --timeout 20 --loglevel 1");
  }

  String hangUp() throws IOException {
    return swanctl("--terminate --ike gateway --force --timeout 5");
  }

  String rekey() throws IOException {
    return swanctl("--rekey --child net");
  }

  String list() throws IOException {
    return swanctl("--list-sas");
  }

  /** Pings an address ten times a second; the longest time without an answer, in seconds. */
  double longestGap(String address, Duration length) throws IOException {
    Process pings =
        new ProcessBuilder(
                "ip",
                "netns",
                "exec",
                name,
                "ping",
                "-n",
                "-D",
                "-i",
                "0.1",
                "-w",
                String.valueOf(length.toSeconds()),
                address)
            .redirectErrorStream(true)
            .start();
    double began = System.currentTimeMillis() / 1_000.0;
    List<Double> heard =
        new String(pings.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.contains("bytes from"))
            .map(line -> Double.parseDouble(line.substring(1, line.indexOf(']'))))
            .toList();
    double last = began;
    double longest = 0;
    for (double answer : heard) {
      longest = Math.max(longest, answer - last);
      last = answer;
    }
    return Math.max(longest, began + length.toSeconds() - last);
  }

  /** The first line that the service says at an address; or "". */
  String ask(String address) {
    try {
      Process process =
          new ProcessBuilder(
                  "ip",
                  "netns",
                  "exec",
                  name,
                  "timeout",
                  "2",
                  "bash",
                  "-c",
                  "exec 3<>/dev/tcp/" + address + "/" + TickServer.PORT + " && head -1 <&3")
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? output.strip() : "";
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private String swanctl(String arguments) throws IOException {
    Path log = pod.machine.log(name + "-swanctl");
    Files.deleteIfExists(log);
    Process process =
        strongSwan.start(
            pod.machine,
            name + "-swanctl",
            name,
            directory,
            "SWANCTL_DIR=/run/p2s exec swanctl "
                + arguments
                + " --uri unix:///run/p2s/client.vici");
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Files.readString(log);
  }
}

package dev.p2s.sstp.process;

import dev.p2s.dataplane.sstp.EndpointCommand;
import dev.p2s.dataplane.sstp.EndpointWire;
import dev.p2s.pki.Pem;
import dev.p2s.sstp.binding.HashProtocol;
import dev.p2s.sstp.ppp.AuthenticationProtocol;
import dev.p2s.sstp.server.EndpointSettings;
import dev.p2s.sstp.server.SstpEndpoint;
import dev.p2s.sstp.server.TlsIdentity;
import dev.p2s.sstp.server.TunDevice;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The SSTP endpoint of a gateway pod, a plain program of the same jar: it outlives agents, serves
 * what the agent says, and asks it about every caller. {@code P2S_RUN_DIR} (default {@code
 * /run/p2s}) is the directory that the pod's containers share.
 */
public final class SstpProcess {

  private static final long TRAFFIC_SECONDS = 10;

  /** That serve connections, and as many that read the device. */
  private static final int MOST_THREADS = 8;

  private final AgentDesk desk;
  private final SecureRandom random = new SecureRandom();
  private EndpointCommand.Serve served;
  private SstpEndpoint endpoint;

  private SstpProcess() {
    byte[] id = new byte[8];
    random.nextBytes(id);
    desk = new AgentDesk(HexFormat.of().formatHex(id));
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    allowTheSeedsSuites();
    Path run = Path.of(System.getenv().getOrDefault("P2S_RUN_DIR", "/run/p2s"));
    SstpProcess process = new SstpProcess();
    try (AgentSocket socket =
            new AgentSocket(run.resolve(EndpointWire.SOCKET), process.desk, process::serve);
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
      System.err.println("sstp: waiting for the agent at " + run.resolve(EndpointWire.SOCKET));
      var traffic =
          clock.scheduleAtFixedRate(
              process.desk::tellTraffic, TRAFFIC_SECONDS, TRAFFIC_SECONDS, TimeUnit.SECONDS);
      while (!traffic.isDone()) {
        TimeUnit.HOURS.sleep(1);
      }
    }
  }

  /** The JDK has switched off key transport by RSA, which the seed's TLS table names. */
  private static void allowTheSeedsSuites() {
    String disabled = "jdk.tls.disabledAlgorithms";
    Security.setProperty(
        disabled,
        Arrays.stream(Security.getProperty(disabled).split(","))
            .map(String::strip)
            .filter(algorithm -> !algorithm.equals("TLS_RSA_*"))
            .collect(Collectors.joining(", ")));
  }

  private synchronized String serve(EndpointCommand.Serve wanted) {
    try {
      EndpointSettings settings = settings(wanted);
      if (endpoint == null) {
        int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_THREADS);
        TunDevice device = new TunDevice(wanted.slot().tunnel(), wanted.mtu(), threads);
        try {
          endpoint =
              new SstpEndpoint(
                  new InetSocketAddress(wanted.slot().port()),
                  threads,
                  settings,
                  desk,
                  device,
                  random,
                  SstpProcess::giveUp);
        } catch (IOException | RuntimeException e) {
          device.close();
          throw e;
        }
        System.err.println("sstp: serving on " + wanted.slot().tunnel());
      } else if (!served.slot().equals(wanted.slot()) || served.mtu() != wanted.mtu()) {
        giveUp(new IOException("another device or MTU is wanted"));
      } else if (!served.equals(wanted)) {
        endpoint.use(settings);
      }
      served = wanted;
      return "";
    } catch (IOException | RuntimeException e) {
      return "the SSTP endpoint cannot serve: " + e.getMessage();
    }
  }

  /** Its container is started anew, and its clients dial again. */
  private static void giveUp(IOException why) {
    System.err.println("sstp: ending: " + why.getMessage());
    Runtime.getRuntime().halt(1);
  }

  private static EndpointSettings settings(EndpointCommand.Serve wanted) {
    return new EndpointSettings(
        wanted.identities().stream()
            .map(
                identity ->
                    new TlsIdentity(
                        Pem.parseKey(identity.key()),
                        Pem.parseCertificates(identity.certificates())))
            .toList(),
        wanted.tlsVersions(),
        wanted.tlsSuites(),
        wanted.methods().stream()
            .map(
                method ->
                    switch (method) {
                      case CERTIFICATE, EAP -> AuthenticationProtocol.EAP;
                      case MSCHAPV2 -> AuthenticationProtocol.MSCHAPV2;
                      case PAP -> AuthenticationProtocol.PAP;
                    })
            .toList(),
        wanted.clientRoots().stream().map(Pem::parseCertificate).toList(),
        EnumSet.allOf(HashProtocol.class),
        wanted.name(),
        wanted.mtu());
  }
}

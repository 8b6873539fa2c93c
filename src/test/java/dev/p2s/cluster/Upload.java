package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Random bytes that a client's machine sends to this one, over one TCP connection. */
final class Upload {

  private static final int PATIENCE_MILLIS = 120_000;

  private Upload() {}

  /** Where this machine can be reached from the cluster's nodes. */
  static String here() {
    try {
      return NetworkInterface.getByName("docker0")
          .inetAddresses()
          .filter(Inet4Address.class::isInstance)
          .map(InetAddress::getHostAddress)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new IllegalStateException("the engine has no bridge", e);
    }
  }

  /** Returns once all has arrived as it was sent. */
  static void arrivesWhole(Shell client, int bytes)
      throws IOException, ExecutionException, InterruptedException {
    String sent =
        client.run(
            "sh", "-c", "head -c " + bytes + " /dev/urandom > /vpn/much; sha256sum < /vpn/much");
    try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getByName(here()))) {
      door.setSoTimeout(PATIENCE_MILLIS);
      FutureTask<String> arrived = new FutureTask<>(digest(door));
      Thread.ofVirtual().start(arrived);
      client.run("bash", "-c", "cat /vpn/much > /dev/tcp/" + here() + "/" + door.getLocalPort());
      assertThat(arrived.get())
          .as("what has arrived of %d bytes", bytes)
          .isEqualTo(sent.split(" ", 2)[0]);
    }
  }

  private static Callable<String> digest(ServerSocket door) {
    return () -> {
      try (Socket line = door.accept();
          InputStream in = line.getInputStream()) {
        line.setSoTimeout(PATIENCE_MILLIS);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] some = new byte[64 * 1024];
        for (int read = in.read(some); read >= 0; read = in.read(some)) {
          digest.update(some, 0, read);
        }
        return HexFormat.of().formatHex(digest.digest());
      }
    };
  }
}

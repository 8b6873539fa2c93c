package dev.p2s.agent.pod;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A service behind the gateway: every connection hears who it is and then ten ticks a second. */
final class TickServer {

  static final int PORT = 8080;

  private TickServer() {}

  public static void main(String[] args) throws IOException {
    try (ServerSocket server = new ServerSocket()) {
      server.bind(new InetSocketAddress(PORT));
      while (true) {
        Socket peer = server.accept();
        Thread.ofVirtual().start(() -> tick(peer));
      }
    }
  }

  /** The first line that it says at an address to who comes from a namespace; or "". */
  static String ask(String namespace, String address) {
    try {
      Process process =
          new ProcessBuilder(
                  "ip",
                  "netns",
                  "exec",
                  namespace,
                  "timeout",
                  "2",
                  "bash",
                  "-c",
                  "exec 3<>/dev/tcp/" + address + "/" + PORT + " && head -1 <&3")
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

  private static void tick(Socket peer) {
    try (peer) {
      OutputStream out = peer.getOutputStream();
      String who = peer.getInetAddress().getHostAddress();
      for (long i = 0; ; i++) {
        out.write((who + " " + i + "\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
        Thread.sleep(100);
      }
    } catch (IOException | InterruptedException e) {
      // The client has gone.
    }
  }
}

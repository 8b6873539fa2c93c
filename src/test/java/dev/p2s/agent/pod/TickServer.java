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

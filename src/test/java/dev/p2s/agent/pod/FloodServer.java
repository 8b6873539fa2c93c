package dev.p2s.agent.pod;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A service that gives or takes as much as a connection bears: a first byte {@code d} asks for
 * data, any other offers some.
 */
final class FloodServer {

  static final int PORT = 8081;

  private FloodServer() {}

  public static void main(String[] args) throws IOException {
    try (ServerSocket server = new ServerSocket()) {
      server.bind(new InetSocketAddress(PORT));
      while (true) {
        Socket peer = server.accept();
        Thread.ofPlatform().daemon().start(() -> flood(peer));
      }
    }
  }

  private static void flood(Socket peer) {
    byte[] block = new byte[64 * 1024];
    try (peer) {
      if (peer.getInputStream().read() == 'd') {
        while (true) {
          peer.getOutputStream().write(block);
        }
      }
      while (peer.getInputStream().read(block) >= 0) {}
    } catch (IOException e) {
      // The client has gone.
    }
  }
}

package dev.p2s.agent.ikev2;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Where charon asks about each certificate, before it lets a client in: HTTP on the pod's loopback.
 */
public final class OcspResponder implements AutoCloseable {

  /** Fixed, since charon goes on asking here when the agent has been started anew. */
  static final int PORT = 9560;

  /** What charon is given to ask. */
  public static final String ADDRESS = "http://127.0.0.1:" + PORT + "/";

  private static final int LARGEST_REQUEST = 16 * 1024;

  private final OcspDesk desk;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;

  public OcspResponder(OcspDesk desk) {
    this.desk = desk;
  }

  /**
   * @throws IOException where the port is taken
   */
  public void start() throws IOException {
    server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), PORT), 512);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop(0);
    }
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] request = exchange.getRequestBody().readNBytes(LARGEST_REQUEST);
      byte[] response = desk.answer(request);
      exchange.getResponseHeaders().set("Content-Type", "application/ocsp-response");
      exchange.sendResponseHeaders(200, response.length);
      exchange.getResponseBody().write(response);
    }
  }
}

package dev.p2s.sstp.server;

import dev.p2s.sstp.client.SstpTestClient;
import dev.p2s.sstp.client.SstpTestClient.Binding;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/**
 * A client that is in.
 *
 * @param address that it was given
 */
record Call(SstpTestClient client, int address) implements AutoCloseable {

  private static final int SOMEBODY = 0x08080808;

  /** Calls, logs in, binds and gets its address. */
  static Call to(InetSocketAddress server) throws IOException, GeneralSecurityException {
    SstpTestClient client = loggedIn(server, "wonderland");
    client.bind(Binding.RIGHT);
    return new Call(client, client.addresses().client());
  }

  /** Calls, and says a password. */
  static SstpTestClient loggedIn(InetSocketAddress server, String password)
      throws IOException, GeneralSecurityException {
    SstpTestClient client = new SstpTestClient(server);
    client.post();
    client.request(1);
    client.login("alice", password, false);
    return client;
  }

  /**
   * Sends a packet and waits for its answer, ten seconds at most; how long it took, in nanoseconds.
   */
  long ping() throws IOException {
    byte[] packet =
        ByteBuffer.allocate(64)
            .putInt(0x45000040)
            .putInt(0)
            .putInt(0x40010000)
            .putInt(address)
            .putInt(SOMEBODY)
            .put((byte) 8)
            .array();
    long began = System.nanoTime();
    client.packet(packet);
    if (!Arrays.equals(client.nextPacket(), EchoingDevice.answer(packet))) {
      throw new IOException("another packet came back");
    }
    return System.nanoTime() - began;
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}

package dev.p2s.sstp.client;

import dev.p2s.sstp.server.PacketDevice;
import dev.p2s.sstp.server.TunDevice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * The test client as a program with a network: what its machine sends into a tun device goes
 * through the call, and back. The device {@code sstp0} of several queues is there already; its
 * address is put in by the client.
 */
public final class SstpTunnel {

  private static final int MTU = 1370;

  private SstpTunnel() {}

  /** Gateway, port, user, password, and what goes through the tunnel. */
  public static void main(String[] args) throws Exception {
    PacketDevice device = new TunDevice("sstp0", MTU, 1);
    SstpTestClient client =
        new SstpTestClient(new InetSocketAddress(args[0], Integer.parseInt(args[1])));
    client.post();
    client.request(1);
    String refused = client.login(args[2], args[3], false);
    if (!refused.isEmpty()) {
      throw new IOException(refused);
    }
    client.bind(SstpTestClient.Binding.RIGHT);
    int own = client.addresses().client();
    client.within(0);
    ip(
        "address add %d.%d.%d.%d/32 dev sstp0"
            .formatted(own >>> 24, own >> 16 & 255, own >> 8 & 255, own & 255));
    ip("link set sstp0 mtu " + MTU + " up");
    ip("route add " + args[4] + " dev sstp0");
    Thread.ofPlatform().daemon().start(() -> in(client, device));
    System.out.println("connected");
    out(client, device.queues().getFirst());
  }

  private static void out(SstpTestClient client, PacketDevice.Queue queue) throws IOException {
    ByteBuf packet = Unpooled.buffer(MTU, MTU);
    while (true) {
      packet.clear();
      if (queue.read(packet) == 0) {
        queue.await();
      } else {
        byte[] bytes = new byte[packet.readableBytes()];
        packet.readBytes(bytes);
        if (bytes[0] >> 4 == 4) {
          client.packet(bytes);
        }
      }
    }
  }

  private static void in(SstpTestClient client, PacketDevice device) {
    try (PacketDevice.Writer writer = device.writer()) {
      while (true) {
        byte[] packet = client.nextPacket();
        writer.write(Unpooled.wrappedBuffer(packet), 0, packet.length);
        writer.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the call has ended", e);
    }
  }

  private static void ip(String words) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(("ip " + words).split(" ", -1)).inheritIO().start();
    if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("ip " + words + " has failed");
    }
  }
}

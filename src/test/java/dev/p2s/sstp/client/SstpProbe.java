package dev.p2s.sstp.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** The test client as a program: calls, then pings an address until the call ends. */
public final class SstpProbe {

  private SstpProbe() {}

  /** Gateway, port, user, password, and whom to ping. */
  public static void main(String[] args) throws Exception {
    InetSocketAddress gateway = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
    byte[] target = InetAddress.getByName(args[4]).getAddress();
    try (SstpTestClient client = new SstpTestClient(gateway)) {
      client.post();
      client.request(1);
      System.out.println("tls " + client.tls());
      System.out.println("login " + client.login(args[2], args[3], false));
      client.bind(SstpTestClient.Binding.RIGHT);
      int own = client.addresses().client();
      System.out.println("address " + Integer.toHexString(own));
      client.within(1000);
      while (true) {
        client.packet(ping(own, ByteBuffer.wrap(target).getInt()));
        try {
          byte[] answer = client.nextPacket();
          System.out.println("pong " + (answer[9] == 1 && answer[20] == 0));
        } catch (java.net.SocketTimeoutException e) {
          System.out.println("silence");
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
    } catch (IOException e) {
      System.out.println("ended");
    }
  }

  private static byte[] ping(int from, int to) {
    ByteBuffer packet = ByteBuffer.allocate(48);
    packet.put((byte) 0x45).put((byte) 0).putShort((short) 48).putInt(0);
    packet.put((byte) 64).put((byte) 1).putShort((short) 0).putInt(from).putInt(to);
    packet.put((byte) 8);
    packet.putShort(10, sum(packet.array(), 0, 20));
    packet.putShort(22, sum(packet.array(), 20, 28));
    return packet.array();
  }

  private static short sum(byte[] bytes, int from, int length) {
    int sum = 0;
    for (int i = from; i < from + length; i += 2) {
      sum += ((bytes[i] & 0xFF) << 8) | (bytes[i + 1] & 0xFF);
    }
    sum = (sum & 0xFFFF) + (sum >>> 16);
    return (short) ~((sum & 0xFFFF) + (sum >>> 16));
  }
}

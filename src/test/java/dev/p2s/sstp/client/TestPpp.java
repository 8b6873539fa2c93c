package dev.p2s.sstp.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The test client's end of PPP: it takes what the server wants and asks for what it is given. */
public final class TestPpp {

  private static final int LCP = 0xC021;
  private static final int IPCP = 0x8021;
  private static final int PAP = 0xC023;
  private static final int CHAP = 0xC223;

  private final SstpTestClient client;

  TestPpp(SstpTestClient client) {
    this.client = client;
  }

  /** IPv4 addresses as their 32 bits; 0 for none. */
  public record Addresses(int client, int gateway, int dns1, int dns2) {}

  String login(String user, String password, boolean pap) throws IOException {
    // compression and a callback, which a server of ours does not know
    say(LCP, 1, 1, new byte[] {5, 6, 1, 2, 3, 4, 7, 2, 8, 2, 13, 3, 6});
    boolean agreedOurs = false;
    boolean agreedTheirs = false;
    boolean sent = false;
    while (true) {
      byte[] frame = client.nextFrame();
      int protocol = ((frame[0] & 0xFF) << 8) | (frame[1] & 0xFF);
      int code = frame[2];
      int id = frame[3];
      byte[] data =
          Arrays.copyOfRange(frame, 6, 2 + (((frame[4] & 0xFF) << 8) | (frame[5] & 0xFF)));
      if (protocol == LCP && code == 1) {
        agreedTheirs = answerLink(id, data, pap);
      } else if (protocol == LCP && code == 2) {
        agreedOurs = true;
      } else if (protocol == LCP && code == 4) {
        say(LCP, 1, 2, new byte[] {5, 6, 1, 2, 3, 4});
      } else if (protocol == LCP && code == 5) {
        return "terminated: " + new String(data, StandardCharsets.UTF_8);
      } else if (protocol == CHAP && code == 1) {
        challenged(id, data, user, password);
      } else if ((protocol == CHAP && code == 3) || (protocol == PAP && code == 2)) {
        return "";
      } else if (protocol == CHAP && code == 4) {
        return new String(data, StandardCharsets.UTF_8);
      } else if (protocol == PAP && code == 3) {
        return new String(data, 1, data.length - 1, StandardCharsets.UTF_8);
      }
      if (pap && agreedOurs && agreedTheirs && !sent) {
        sent = true;
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        counted(request, user);
        counted(request, password);
        say(PAP, 1, 9, request.toByteArray());
      }
    }
  }

  Addresses addresses() throws IOException {
    List<byte[]> asked = new ArrayList<>();
    asked.add(new byte[] {2, 6, 0, 0x2D, 15, 1});
    asked.add(new byte[] {3, 6, 0, 0, 0, 0});
    asked.add(new byte[] {(byte) 129, 6, 0, 0, 0, 0});
    asked.add(new byte[] {(byte) 131, 6, 0, 0, 0, 0});
    int question = 1;
    int gateway = 0;
    say(IPCP, 1, question, join(asked));
    while (true) {
      byte[] frame = client.nextFrame();
      int protocol = ((frame[0] & 0xFF) << 8) | (frame[1] & 0xFF);
      byte[] data = Arrays.copyOfRange(frame, 6, frame.length);
      if (protocol != IPCP) {
        continue;
      }
      switch (frame[2]) {
        case 1 -> {
          gateway = number(data, 2);
          say(IPCP, 2, frame[3], data);
        }
        case 2 -> {
          return new Addresses(of(asked, 3), gateway, of(asked, (byte) 129), of(asked, (byte) 131));
        }
        case 3 -> {
          for (int at = 0; at < data.length; at += data[at + 1]) {
            byte[] given = Arrays.copyOfRange(data, at, at + data[at + 1]);
            asked.replaceAll(option -> option[0] == given[0] ? given : option);
          }
          say(IPCP, 1, ++question, join(asked));
        }
        case 4 -> {
          for (int at = 0; at < data.length; at += data[at + 1]) {
            byte type = data[at];
            asked.removeIf(option -> option[0] == type);
          }
          say(IPCP, 1, ++question, join(asked));
        }
        default -> throw new IOException("IPCP code " + frame[2]);
      }
    }
  }

  private boolean answerLink(int id, byte[] options, boolean pap) throws IOException {
    for (int at = 0; at < options.length; at += options[at + 1]) {
      if (options[at] == 1) {
        client.mru(((options[at + 2] & 0xFF) << 8) | (options[at + 3] & 0xFF));
      }
      byte[] wanted =
          pap
              ? new byte[] {3, 4, (byte) 0xC0, 0x23}
              : new byte[] {3, 5, (byte) 0xC2, 0x23, (byte) 0x81};
      if (options[at] == 3
          && !Arrays.equals(wanted, Arrays.copyOfRange(options, at, at + options[at + 1]))) {
        say(LCP, 3, id, wanted);
        return false;
      }
    }
    say(LCP, 2, id, options);
    return true;
  }

  private void challenged(int id, byte[] data, String user, String password) throws IOException {
    byte[] peer = new byte[16];
    Arrays.fill(peer, (byte) 0x5A);
    MsChapV2 chap = new MsChapV2(user, password, Arrays.copyOfRange(data, 1, 17), peer);
    ByteArrayOutputStream response = new ByteArrayOutputStream();
    response.write(49);
    response.writeBytes(peer);
    response.writeBytes(new byte[8]);
    response.writeBytes(chap.ntResponse());
    response.write(0);
    response.writeBytes(user.getBytes(StandardCharsets.UTF_8));
    byte[] key = Arrays.copyOf(chap.clientToServer(), 32);
    System.arraycopy(chap.serverToClient(), 0, key, 16, 16);
    client.key(key);
    say(CHAP, 2, id, response.toByteArray());
  }

  private void say(int protocol, int code, int id, byte[] data) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    int length = 4 + data.length;
    for (int each : new int[] {0xFF, 3, protocol >> 8, protocol, code, id, length >> 8, length}) {
      frame.write(each);
    }
    frame.writeBytes(data);
    client.frame(frame.toByteArray());
  }

  private static void counted(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(bytes.length);
    out.writeBytes(bytes);
  }

  private static byte[] join(List<byte[]> options) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    options.forEach(all::writeBytes);
    return all.toByteArray();
  }

  private static int of(List<byte[]> options, int type) {
    return options.stream()
        .filter(o -> o[0] == type)
        .mapToInt(o -> number(o, 2))
        .findFirst()
        .orElse(0);
  }

  private static int number(byte[] bytes, int at) {
    return ((bytes[at] & 0xFF) << 24)
        | ((bytes[at + 1] & 0xFF) << 16)
        | ((bytes[at + 2] & 0xFF) << 8)
        | (bytes[at + 3] & 0xFF);
  }
}

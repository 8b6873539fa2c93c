package dev.p2s.dataplane.kernel;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The place of one server process in a gateway pod. Its number names both the device that its
 * clients' packets come out of and, for OpenVPN and SSTP, the local TCP port that it listens on, so
 * no name or port ever travels as text.
 *
 * @param number 0–127; a pod holds at most 128 processes, drained ones included
 */
public record ProcessSlot(@JsonValue int number) implements Comparable<ProcessSlot> {

  /** How many slots a pod has. */
  public static final int COUNT = 128;

  /** How many of them, from 0 on, OpenVPN processes may take. */
  public static final int OPENVPN_COUNT = 120;

  /** charon's: the device that IKEv2 clients' decrypted packets come out of. */
  public static final ProcessSlot IKEV2 = new ProcessSlot(127);

  /** The SSTP endpoint's. */
  public static final ProcessSlot SSTP = new ProcessSlot(126);

  private static final int IKEV2_NUMBER = 127;
  private static final String IKEV2_TUNNEL = "ipsec0";

  /** The port of slot 0. */
  public static final int FIRST_PORT = 20000;

  /** What openvpn's tunnel devices' names begin with; the kernel rules match on it. */
  public static final String TUNNEL_PREFIX = "p2s";

  @JsonCreator
  public ProcessSlot {
    if (number < 0 || number >= COUNT) {
      throw new IllegalArgumentException("slot " + number + " is not within 0–" + (COUNT - 1));
    }
  }

  /** The device, e.g. {@code p2s3}; charon calls its own by a fixed name. */
  public String tunnel() {
    return number == IKEV2_NUMBER ? IKEV2_TUNNEL : TUNNEL_PREFIX + number;
  }

  /** The local TCP port, 20000–20127. */
  public int port() {
    return FIRST_PORT + number;
  }

  /** The slot whose tun device has this name. */
  public static ProcessSlot ofTunnel(String name) {
    if (name.equals(IKEV2_TUNNEL)) {
      return IKEV2;
    }
    if (!name.matches(TUNNEL_PREFIX + "[0-9]{1,3}")) {
      throw new IllegalArgumentException("is not the name of a tunnel device");
    }
    return new ProcessSlot(Integer.parseInt(name.substring(TUNNEL_PREFIX.length())));
  }

  @Override
  public int compareTo(ProcessSlot other) {
    return Integer.compare(number, other.number);
  }
}

package dev.p2s.dataplane.kernel;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The place of one OpenVPN process in a gateway pod. Its number names both the tun device that the
 * process reads and the local TCP port that it listens on, so no name or port ever travels as text.
 *
 * @param number 0–127; a pod holds at most 128 processes, drained ones included
 */
public record ProcessSlot(@JsonValue int number) implements Comparable<ProcessSlot> {

  /** How many slots a pod has. */
  public static final int COUNT = 128;

  /** The port of slot 0. */
  public static final int FIRST_PORT = 20000;

  /** What every tunnel device's name begins with; the kernel rules match on it. */
  public static final String TUNNEL_PREFIX = "p2s";

  @JsonCreator
  public ProcessSlot {
    if (number < 0 || number >= COUNT) {
      throw new IllegalArgumentException("slot " + number + " is not within 0–" + (COUNT - 1));
    }
  }

  /** The tun device, e.g. {@code p2s3}. */
  public String tunnel() {
    return TUNNEL_PREFIX + number;
  }

  /** The local TCP port, 20000–20127. */
  public int port() {
    return FIRST_PORT + number;
  }

  /** The slot whose tun device has this name. */
  public static ProcessSlot ofTunnel(String name) {
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

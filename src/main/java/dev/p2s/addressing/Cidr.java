package dev.p2s.addressing;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * An address range in CIDR notation with no host bits set, IPv4 or IPv6 (RFC 4632, RFC 4291 §2.3).
 *
 * @param network the first address of the range
 * @param prefix length of the network part in bits, 0–32 for IPv4 and 0–128 for IPv6
 */
public record Cidr(InetAddress network, int prefix) {

  private static final Pattern NUMERIC = Pattern.compile("[0-9.]{7,15}|[0-9A-Fa-f:.]{2,45}");

  public Cidr {
    int bits = network.getAddress().length * 8;
    if (prefix < 0 || prefix > bits) {
      throw new IllegalArgumentException("prefix length /" + prefix + " is not within 0–" + bits);
    }
  }

  /**
   * Reads {@code 10.0.0.0/24} or {@code fd00::/64}; a lone address is a /32 or /128.
   *
   * @throws IllegalArgumentException where the text is no numeric range or has host bits set; the
   *     message says which and names the range that was probably meant
   */
  @JsonCreator
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    InetAddress parsed = numeric(address);
    int bits = parsed.getAddress().length * 8;
    int prefix = bits;
    if (slash >= 0) {
      String length = text.substring(slash + 1);
      if (!length.matches("[0-9]{1,3}")) {
        throw new IllegalArgumentException("the prefix length after '/' is not a number");
      }
      prefix = Integer.parseInt(length);
    }
    if (prefix > bits) {
      throw new IllegalArgumentException("prefix length /" + prefix + " is not within 0–" + bits);
    }
    Cidr canonical = new Cidr(masked(parsed, prefix), prefix);
    if (!canonical.network().equals(parsed)) {
      throw new IllegalArgumentException("has host bits set; the range is " + canonical);
    }
    return canonical;
  }

  /** Reads a numeric address without ever asking a name server. */
  public static InetAddress numeric(String text) {
    if (!NUMERIC.matcher(text).matches()
        || (text.indexOf(':') < 0 && !text.matches("([0-9]{1,3}\\.){3}[0-9]{1,3}"))) {
      throw new IllegalArgumentException("is not a numeric IPv4 or IPv6 address");
    }
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("is not a numeric IPv4 or IPv6 address");
    }
  }

  public boolean isIpv4() {
    return network.getAddress().length == 4;
  }

  public boolean contains(InetAddress address) {
    return address.getAddress().length == network.getAddress().length
        && masked(address, prefix).equals(network);
  }

  public boolean contains(Cidr other) {
    return other.prefix >= prefix && contains(other.network);
  }

  public boolean overlaps(Cidr other) {
    return contains(other) || other.contains(this);
  }

  /**
   * The range twice as large that contains this one.
   *
   * @throws IllegalArgumentException for a /0
   */
  public Cidr parent() {
    return new Cidr(masked(network, prefix - 1), prefix - 1);
  }

  /** How many addresses the range has, network and broadcast address included. */
  public BigInteger size() {
    return BigInteger.ONE.shiftLeft(network.getAddress().length * 8 - prefix);
  }

  /**
   * The address at an offset from the network address.
   *
   * @throws IllegalArgumentException where the offset lies outside the range
   */
  public InetAddress address(long offset) {
    BigInteger at = BigInteger.valueOf(offset);
    if (offset < 0 || at.compareTo(size()) >= 0) {
      throw new IllegalArgumentException("offset " + offset + " lies outside " + this);
    }
    byte[] sum = new BigInteger(1, network.getAddress()).add(at).toByteArray();
    byte[] out = new byte[network.getAddress().length];
    int length = Math.min(sum.length, out.length);
    System.arraycopy(sum, sum.length - length, out, out.length - length, length);
    return fromBytes(out);
  }

  /** The dotted or colon form of the mask, as OpenVPN's {@code route} and {@code ifconfig} want. */
  public String netmask() {
    byte[] ones = new byte[network.getAddress().length];
    Arrays.fill(ones, (byte) 0xff);
    return masked(fromBytes(ones), prefix).getHostAddress();
  }

  @JsonValue
  @Override
  public String toString() {
    return text(network) + "/" + prefix;
  }

  /** An address as people write it; IPv6 with its longest run of zeros left out (RFC 5952 §4). */
  public static String text(InetAddress address) {
    String[] groups = address.getHostAddress().split(":");
    int at = 0;
    int length = 0;
    for (int i = 0; i < groups.length; i++) {
      int zeros = i;
      while (zeros < groups.length && groups[zeros].equals("0")) {
        zeros++;
      }
      if (zeros - i > length) {
        at = i;
        length = zeros - i;
      }
    }
    if (groups.length == 1 || length < 2) {
      return address.getHostAddress();
    }
    List<String> parts = List.of(groups);
    return String.join(":", parts.subList(0, at))
        + "::"
        + String.join(":", parts.subList(at + length, parts.size()));
  }

  private static InetAddress masked(InetAddress address, int prefix) {
    byte[] bytes = address.getAddress();
    for (int i = 0; i < bytes.length; i++) {
      int keep = Math.clamp(prefix - i * 8L, 0, 8);
      bytes[i] &= (byte) (0xff << (8 - keep));
    }
    return fromBytes(bytes);
  }

  private static InetAddress fromBytes(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}

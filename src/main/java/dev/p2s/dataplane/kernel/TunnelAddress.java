package dev.p2s.dataplane.kernel;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.p2s.addressing.Cidr;
import java.net.Inet4Address;
import java.net.InetAddress;

/** An IPv4 address inside the tunnel: a client's own, or the gateway's end. */
public record TunnelAddress(Inet4Address address) {

  /**
   * @throws IllegalArgumentException where the text is no numeric IPv4 address
   */
  @JsonCreator
  public static TunnelAddress parse(String text) {
    return of(Cidr.numeric(text));
  }

  /**
   * @throws IllegalArgumentException where the address is not IPv4
   */
  public static TunnelAddress of(InetAddress address) {
    if (address instanceof Inet4Address v4) {
      return new TunnelAddress(v4);
    }
    throw new IllegalArgumentException("is not an IPv4 address");
  }

  @JsonValue
  @Override
  public String toString() {
    return address.getHostAddress();
  }
}

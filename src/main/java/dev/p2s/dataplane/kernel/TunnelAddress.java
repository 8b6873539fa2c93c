package dev.p2s.dataplane.kernel;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.p2s.addressing.Cidr;
import java.net.Inet4Address;
import java.net.InetAddress;

/** An address inside the tunnel, IPv4 or IPv6: a client's own, or the gateway's end. */
public record TunnelAddress(InetAddress address) {

  /**
   * @throws IllegalArgumentException where the text is no numeric address
   */
  @JsonCreator
  public static TunnelAddress parse(String text) {
    return of(Cidr.numeric(text));
  }

  public static TunnelAddress of(InetAddress address) {
    return new TunnelAddress(address);
  }

  @JsonIgnore
  public boolean isIpv4() {
    return address instanceof Inet4Address;
  }

  /** The range that has this address and no other, as routes are written. */
  public Cidr alone() {
    return new Cidr(address, address.getAddress().length * 8);
  }

  @JsonValue
  @Override
  public String toString() {
    return Cidr.text(address);
  }
}

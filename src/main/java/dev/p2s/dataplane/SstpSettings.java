package dev.p2s.dataplane;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.p2s.dataplane.sstp.EndpointCommand;
import java.util.List;

/**
 * What an SSTP server needs beside the keys. All of it is followed live, but another MTU makes the
 * endpoint start anew.
 *
 * @param tlsCipherSuites IANA names as in the seed's TLS table, in order; for TLS 1.2
 * @param methods how clients may authenticate, the best first
 * @param tunnelMtu MTU of the tunnel in bytes
 * @param connectionLimit SSTP connections at once, apart from the others (seed, SKU table)
 * @param shares what each ordinal may use of them, as {@link GatewayState#shares()}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SstpSettings(
    List<String> tlsCipherSuites,
    List<EndpointCommand.Method> methods,
    int tunnelMtu,
    int connectionLimit,
    List<Share> shares) {
  public SstpSettings {
    tlsCipherSuites = tlsCipherSuites == null ? List.of() : List.copyOf(tlsCipherSuites);
    methods = methods == null ? List.of() : List.copyOf(methods);
    shares = shares == null ? List.of() : List.copyOf(shares);
  }

  /** The same with other shares. */
  public SstpSettings with(List<Share> next) {
    return new SstpSettings(tlsCipherSuites, methods, tunnelMtu, connectionLimit, next);
  }
}

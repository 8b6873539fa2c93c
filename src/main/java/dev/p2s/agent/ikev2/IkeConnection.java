package dev.p2s.agent.ikev2;

import dev.p2s.dataplane.ikev2.ViciSection;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.util.List;
import java.util.Optional;

/**
 * An IKE SA as charon tells of it.
 *
 * @param id charon's number of it, unique in one life of charon; a rekeyed SA gets another
 * @param configuration name of the connection that it was accepted by
 * @param identity who the client says to be, in charon's spelling; for EAP the EAP identity
 * @param clientAddress {@code address:port}
 * @param address the client's address inside; empty before it has one
 * @param ipv6 the client's IPv6 address inside; empty where it has none
 * @param established whether both sides are authenticated
 * @param bytesIn from the client through its present tunnels; {@code bytesOut} to it
 */
public record IkeConnection(
    long id,
    String configuration,
    String identity,
    String clientAddress,
    Optional<TunnelAddress> address,
    Optional<TunnelAddress> ipv6,
    boolean established,
    long bytesIn,
    long bytesOut) {

  /**
   * The connections of an event or an answer, which has a section each; what is none is left out.
   */
  public static List<IkeConnection> of(ViciSection message) {
    return message.sections().entrySet().stream()
        .flatMap(entry -> of(entry.getKey(), entry.getValue()).stream())
        .toList();
  }

  static Optional<IkeConnection> of(String configuration, ViciSection sa) {
    try {
      String host = sa.text("remote-host").orElse("");
      return Optional.of(
          new IkeConnection(
              Long.parseLong(sa.text("uniqueid").orElse("")),
              configuration,
              sa.text("remote-eap-id").or(() -> sa.text("remote-id")).orElse(""),
              (host.indexOf(':') >= 0 ? "[" + host + "]" : host)
                  + ":"
                  + sa.text("remote-port").orElse("0"),
              address(sa, true),
              address(sa, false),
              sa.text("state").filter("ESTABLISHED"::equals).isPresent(),
              sum(sa, "bytes-in"),
              sum(sa, "bytes-out")));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<TunnelAddress> address(ViciSection sa, boolean ipv4) {
    return sa.list("remote-vips").stream()
        .filter(vip -> vip.indexOf(':') < 0 == ipv4)
        .findFirst()
        .flatMap(
            vip -> {
              try {
                return Optional.of(TunnelAddress.parse(vip));
              } catch (IllegalArgumentException e) {
                return Optional.empty();
              }
            });
  }

  private static long sum(ViciSection sa, String counter) {
    return sa.section("child-sas").sections().values().stream()
        .mapToLong(child -> Long.parseLong(child.text(counter).orElse("0")))
        .sum();
  }
}

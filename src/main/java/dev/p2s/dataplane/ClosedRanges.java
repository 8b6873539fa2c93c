package dev.p2s.dataplane;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.CidrSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a wide route, such as a forced tunnel's 0.0.0.0/0, does not open: addresses that mean
 * something else on each machine, where clouds tell their machines' secrets, and the node that the
 * pod runs on. A route that lies within such a range means it, and opens it.
 */
public final class ClosedRanges {

  private static final List<Cidr> CLOSED =
      Stream.of(
              // RFC 6890: this network, loopback, link-local (most clouds' metadata), and what is
              // no host: multicast, reserved, broadcast
              "0.0.0.0/8",
              "127.0.0.0/8",
              "169.254.0.0/16",
              "224.0.0.0/4",
              "240.0.0.0/4",
              // metadata elsewhere: Azure's platform address, Alibaba's, Amazon's and Google's
              "168.63.129.16",
              "100.100.100.200",
              "fd00:ec2::254",
              "fd20:ce::254",
              "::/127",
              "fe80::/10",
              "ff00::/8")
          .map(Cidr::parse)
          .toList();

  private ClosedRanges() {}

  /**
   * What of the routes is open to sessions.
   *
   * @param node the addresses of the pod's node; a route other than 0.0.0.0/0 and ::/0 opens them
   */
  public static List<Cidr> open(List<Cidr> routes, List<Cidr> node) {
    List<Cidr> closed = new ArrayList<>(CLOSED);
    node.stream()
        .filter(address -> routes.stream().noneMatch(route -> names(route, address)))
        .forEach(closed::add);
    List<Cidr> meant =
        routes.stream()
            .filter(route -> CLOSED.stream().anyMatch(range -> range.contains(route)))
            .toList();
    return CidrSet.merged(
        Stream.concat(CidrSet.without(routes, closed).stream(), meant.stream()).toList());
  }

  private static boolean names(Cidr route, Cidr address) {
    return route.prefix() > 0 && route.contains(address);
  }
}

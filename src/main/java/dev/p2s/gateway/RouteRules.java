package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.CidrSet;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.RoutesSpec;
import dev.p2s.dataplane.GatewayState;
import java.util.ArrayList;
import java.util.List;

/** The rules on routes: what takes the tunnel, and what sessions reach at its end. */
final class RouteRules {

  private static final int MOST_ROUTES = 256;

  private RouteRules() {}

  /** What sessions may reach: what is included, without what is excluded. */
  static List<Cidr> routes(P2SGatewaySpec spec, List<Cidr> pools, ClusterFacts facts)
      throws GatewayRefused {
    List<Cidr> included = included(spec, pools, facts);
    List<String> written = spec.routes() == null ? null : spec.routes().exclude();
    if (written == null || written.isEmpty()) {
      return included;
    }
    List<Cidr> excluded = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      String field = "spec.routes.exclude[" + i + "]";
      Cidr range = AddressRules.cidr(field, written.get(i), GatewayRefusal.RouteInvalid);
      if (included.stream().noneMatch(route -> route.overlaps(range))) {
        throw new GatewayRefused(
            GatewayRefusal.WithoutEffect,
            field + ": " + range + " lies in no route that is included; leave it out");
      }
      excluded.add(range);
    }
    List<Cidr> left = CidrSet.without(included, excluded);
    if (left.isEmpty()) {
      throw new GatewayRefused(
          GatewayRefusal.RouteInvalid,
          "spec.routes.exclude: nothing is left of the routes that are included");
    }
    if (left.size() > MOST_ROUTES) {
      throw new GatewayRefused(
          GatewayRefusal.RouteInvalid,
          "spec.routes.exclude: what is left of the routes are "
              + left.size()
              + " ranges, and clients are told "
              + MOST_ROUTES
              + " at most; exclude larger ranges");
    }
    return left;
  }

  /** Whether all traffic of clients takes the tunnel. */
  static boolean isForced(P2SGatewaySpec spec) {
    return spec.routes() != null && spec.routes().mode() == RoutesSpec.Mode.Forced;
  }

  /** Those ranges of whose family clients have addresses. */
  static List<Cidr> addressed(List<Cidr> ranges, List<Cidr> pools) {
    return ranges.stream()
        .filter(range -> pools.stream().anyMatch(pool -> pool.isIpv4() == range.isIpv4()))
        .toList();
  }

  private static List<Cidr> included(P2SGatewaySpec spec, List<Cidr> pools, ClusterFacts facts)
      throws GatewayRefused {
    List<String> written = spec.routes() == null ? null : spec.routes().include();
    boolean unsaid = written == null || written.isEmpty();
    if (unsaid && isForced(spec)) {
      return addressed(GatewayState.EVERYTHING, pools);
    }
    if (unsaid) {
      if (!facts.rangesKnown()) {
        throw new GatewayRefused(
            GatewayRefusal.RangesUnknown,
            "spec.routes.include: the cluster does not tell its Service and Pod ranges; name the"
                + " routes here, or set cluster.serviceRanges and cluster.podRanges in the chart");
      }
      List<Cidr> derived = new ArrayList<>(facts.serviceRanges());
      derived.addAll(facts.podRanges());
      return CidrSet.sorted(addressed(derived, pools));
    }
    List<Cidr> routes = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      routes.add(
          AddressRules.cidr(
              "spec.routes.include[" + i + "]", written.get(i), GatewayRefusal.RouteInvalid));
    }
    return CidrSet.sorted(routes);
  }
}

package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.PolicyGroupSpec;
import dev.p2s.dataplane.PolicyGroup;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The rules on pools that need more than one object: the cluster's ranges and other gateways. A
 * pool that the gateway was once accepted with is its own: a gateway or a node that comes later
 * takes nothing from it, and where the cluster has grown into it that is told as a warning.
 */
final class PoolRules {

  private static final List<Cidr> HOME_NETWORKS =
      List.of(Cidr.parse("192.168.0.0/24"), Cidr.parse("192.168.1.0/24"));

  private PoolRules() {}

  /**
   * Refuses pools that somebody else has; what does not refuse is answered.
   *
   * @param pools the gateway's
   * @param groups whose pools are held to the same
   */
  static List<String> check(
      P2SGateway gateway, List<Cidr> pools, List<PolicyGroup> groups, GatewayObservation seen)
      throws GatewayRefused {
    Set<Cidr> held = held(seen);
    List<String> warnings = new ArrayList<>();
    for (Map.Entry<Cidr, String> pool : named(pools, groups).entrySet()) {
      warnings.addAll(cluster(pool, held, seen.facts().serviceRanges(), "the cluster's Services"));
      warnings.addAll(cluster(pool, held, seen.facts().podRanges(), "the cluster's Pods"));
      if (!held.contains(pool.getKey())) {
        others(pool, gateway, seen.otherGateways());
      }
      if (HOME_NETWORKS.stream().anyMatch(pool.getKey()::overlaps)) {
        warnings.add(
            pool.getValue()
                + ": pool "
                + pool.getKey()
                + " is what many home routers use: people there cannot reach it; prefer a range"
                + " such as 172.31.200.0/24");
      }
    }
    return warnings;
  }

  /**
   * A route that is a pool, or a part of one, leads nowhere; one that is strictly wider is no
   * overlap.
   */
  static void routes(P2SGatewaySpec spec, List<Cidr> pools, List<PolicyGroup> groups)
      throws GatewayRefused {
    List<String> written =
        spec.routes() == null || spec.routes().include() == null
            ? List.of()
            : spec.routes().include();
    for (int i = 0; i < written.size(); i++) {
      Cidr route = Cidr.parse(written.get(i));
      for (Map.Entry<Cidr, String> pool : named(pools, groups).entrySet()) {
        if (pool.getKey().contains(route)) {
          throw new GatewayRefused(
              GatewayRefusal.RouteInvalid,
              "spec.routes.include["
                  + i
                  + "]: "
                  + route
                  + " lies within "
                  + pool.getKey()
                  + " of "
                  + pool.getValue()
                  + ", where clients get their addresses from; leave it out, or name a wider range");
        }
      }
    }
  }

  /** What a group may reach has to be advertised, or allowing it has no effect. */
  static void reach(P2SGatewaySpec spec, List<Cidr> routes, List<PolicyGroup> groups)
      throws GatewayRefused {
    if (spec.routes() == null || spec.routes().include() == null) {
      // derived routes come and go with nodes
      return;
    }
    for (PolicyGroup group : groups) {
      for (Cidr allowed : group.told().orElse(List.of())) {
        if (routes.stream().noneMatch(allowed::overlaps)) {
          throw new GatewayRefused(
              GatewayRefusal.WithoutEffect,
              PolicyGroupRules.field(group.name())
                  + ".allow: "
                  + allowed
                  + " lies in no route of the gateway; add it to spec.routes.include, or leave it"
                  + " out");
        }
      }
    }
  }

  private static List<String> cluster(
      Map.Entry<Cidr, String> pool, Set<Cidr> held, List<Cidr> ranges, String owner)
      throws GatewayRefused {
    for (Cidr range : ranges) {
      if (pool.getKey().overlaps(range)) {
        if (held.contains(pool.getKey())) {
          return List.of(
              pool.getValue()
                  + ": "
                  + pool.getKey()
                  + " overlaps "
                  + range
                  + " of "
                  + owner
                  + ", which has grown into it; move the pool");
        }
        AddressRules.disjoint(pool.getValue(), pool.getKey(), range, owner);
      }
    }
    return List.of();
  }

  private static void others(
      Map.Entry<Cidr, String> pool, P2SGateway gateway, List<P2SGateway> others)
      throws GatewayRefused {
    for (P2SGateway other : others) {
      if (comesFirst(other, gateway)) {
        for (Cidr theirs : readable(other.getSpec())) {
          AddressRules.disjoint(
              pool.getValue(),
              pool.getKey(),
              theirs,
              "gateway "
                  + other.getMetadata().getNamespace()
                  + "/"
                  + other.getMetadata().getName());
        }
      }
    }
  }

  /** Who was accepted has its pools; of those that were not, the older one is asked first. */
  private static boolean comesFirst(P2SGateway other, P2SGateway gateway) {
    boolean runs =
        other.getStatus() != null
            && (other.getStatus().programmedGeneration() != null
                || (other.getStatus().conditions() != null
                    && other.getStatus().conditions().stream().anyMatch(PoolRules::isAccepted)));
    return runs || AGE.compare(other, gateway) < 0;
  }

  private static final Comparator<P2SGateway> AGE =
      Comparator.comparing(
              (P2SGateway g) -> Objects.toString(g.getMetadata().getCreationTimestamp(), ""))
          .thenComparing(g -> g.getMetadata().getNamespace())
          .thenComparing(g -> g.getMetadata().getName());

  private static boolean isAccepted(Condition condition) {
    return condition.getType().equals("Accepted") && condition.getStatus().equals("True");
  }

  private static Map<Cidr, String> named(List<Cidr> pools, List<PolicyGroup> groups) {
    Map<Cidr, String> named = new LinkedHashMap<>();
    for (int i = 0; i < pools.size(); i++) {
      named.put(pools.get(i), "spec.clientAddressPools[" + i + "]");
    }
    for (PolicyGroup group : groups) {
      for (int i = 0; i < group.clientAddressPools().size(); i++) {
        named.put(
            group.clientAddressPools().get(i),
            PolicyGroupRules.field(group.name()) + ".clientAddressPools[" + i + "]");
      }
    }
    return named;
  }

  private static Set<Cidr> held(GatewayObservation seen) {
    return seen.acceptedSpec().map(spec -> Set.copyOf(readable(spec))).orElse(Set.of());
  }

  private static List<Cidr> readable(P2SGatewaySpec spec) {
    List<String> texts = new ArrayList<>();
    if (spec != null && spec.clientAddressPools() != null) {
      texts.addAll(spec.clientAddressPools());
    }
    if (spec != null && spec.policyGroups() != null) {
      spec.policyGroups().stream()
          .map(PolicyGroupSpec::clientAddressPools)
          .filter(Objects::nonNull)
          .forEach(texts::addAll);
    }
    List<Cidr> pools = new ArrayList<>();
    for (String text : texts) {
      try {
        pools.add(Cidr.parse(text));
      } catch (IllegalArgumentException e) {
        continue; // refused there, in its own words
      }
    }
    return pools;
  }
}

package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.PolicyGroupSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rules on policy groups: exactly one default, names and priorities once, members that the
 * gateway's authentication can tell, pools of their own without overlap.
 */
final class PolicyGroupRules {

  private static final int MOST_GROUPS = 90;
  private static final int MOST_MEMBERS = 390;

  private PolicyGroupRules() {}

  static void check(
      P2SGatewaySpec spec, Set<AuthenticationType> authentications, List<Cidr> gatewayPools)
      throws GatewayRefused {
    List<PolicyGroupSpec> groups = spec.policyGroups();
    if (groups == null || groups.isEmpty()) {
      return;
    }
    counts(groups);
    Set<String> names = new HashSet<>();
    Map<Integer, String> priorities = new HashMap<>();
    Map<Cidr, String> pools = new HashMap<>();
    gatewayPools.forEach(pool -> pools.put(pool, "spec.clientAddressPools"));
    for (PolicyGroupSpec group : groups) {
      String field = "spec.policyGroups[" + GatewayRules.quoted(group.name()) + "]";
      if (!names.add(group.name())) {
        throw refused(field + " is there twice; a group's name stands once");
      }
      String other = priorities.put(group.priority(), group.name());
      if (other != null) {
        throw refused(
            field
                + ".priority: "
                + group.priority()
                + " is also that of "
                + GatewayRules.quoted(other)
                + "; the lowest number counts, so each needs its own");
      }
      members(field, group, authentications);
      pools(field, group, pools);
      destinations(field, group);
    }
  }

  private static void counts(List<PolicyGroupSpec> groups) throws GatewayRefused {
    if (groups.size() > MOST_GROUPS) {
      throw refused(
          "spec.policyGroups: "
              + groups.size()
              + " groups; a gateway has "
              + MOST_GROUPS
              + " at most");
    }
    long defaults = groups.stream().filter(g -> Boolean.TRUE.equals(g.isDefault())).count();
    if (defaults != 1) {
      throw refused(
          "spec.policyGroups: " + defaults + " groups have default: true; exactly one must");
    }
    int members = groups.stream().mapToInt(g -> members(g).size()).sum();
    if (members > MOST_MEMBERS) {
      throw refused(
          "spec.policyGroups: "
              + members
              + " members; all groups together have "
              + MOST_MEMBERS
              + " at most");
    }
  }

  private static void members(
      String field, PolicyGroupSpec group, Set<AuthenticationType> authentications)
      throws GatewayRefused {
    for (PolicyGroupSpec.Member member : members(group)) {
      Set<AuthenticationType> tellers =
          switch (member.type()) {
            case AADGroupId -> Set.of(AuthenticationType.EntraID, AuthenticationType.OIDC);
            case CertificateGroupId -> Set.of(AuthenticationType.Certificate);
            case RadiusAzureGroupId -> Set.of(AuthenticationType.RADIUS);
          };
      if (tellers.stream().noneMatch(authentications::contains)) {
        throw refused(
            field
                + ".members: "
                + member.type()
                + " is told by "
                + GatewayRules.listed(tellers)
                + " only, and spec.authenticationTypes has "
                + GatewayRules.listed(authentications));
      }
    }
  }

  private static void pools(String field, PolicyGroupSpec group, Map<Cidr, String> taken)
      throws GatewayRefused {
    List<String> written =
        group.clientAddressPools() == null ? List.of() : group.clientAddressPools();
    for (int i = 0; i < written.size(); i++) {
      String where = field + ".clientAddressPools[" + i + "]";
      Cidr pool = AddressRules.cidr(where, written.get(i), GatewayRefusal.PoolInvalid);
      AddressRules.size(where, pool);
      for (Map.Entry<Cidr, String> other : new ArrayList<>(taken.entrySet())) {
        AddressRules.disjoint(where, pool, other.getKey(), other.getValue());
      }
      taken.put(pool, field);
    }
  }

  private static void destinations(String field, PolicyGroupSpec group) throws GatewayRefused {
    if (group.allow() == null) {
      return;
    }
    for (PolicyGroupSpec.Allow allow : group.allow()) {
      if ((allow.cidr() == null) == (allow.services() == null)) {
        throw refused(field + ".allow: each entry names either cidr or services");
      }
      if (allow.cidr() != null) {
        AddressRules.cidr(field + ".allow.cidr", allow.cidr(), GatewayRefusal.PolicyGroupInvalid);
      }
    }
  }

  private static List<PolicyGroupSpec.Member> members(PolicyGroupSpec group) {
    return group.members() == null ? List.of() : group.members();
  }

  private static GatewayRefused refused(String message) {
    return new GatewayRefused(GatewayRefusal.PolicyGroupInvalid, message);
  }
}

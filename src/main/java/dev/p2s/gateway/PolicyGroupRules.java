package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.Fqdn;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.PolicyGroupSpec;
import dev.p2s.dataplane.PolicyGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The rules on policy groups: exactly one default, names and priorities once, members that the
 * gateway's authentication can tell, pools of their own without overlap.
 */
final class PolicyGroupRules {

  private static final int MOST_GROUPS = 90;
  private static final int MOST_MEMBERS = 390;

  /** Microsoft's RADIUS attribute 65 begins with these digits for a group of a gateway. */
  private static final Pattern RADIUS_GROUP = Pattern.compile("6ad1bd([0-9a-f]{2}){1,64}");

  private PolicyGroupRules() {}

  /**
   * The groups with typed members, pools and destinations, the one that counts first in front.
   *
   * @param gatewayPools which the groups' own must not overlap
   * @param services those that the groups name, as they are now
   * @param serviceRanges where ClusterIPs come from; clients are told these as a whole, since
   *     Services come and go
   */
  static List<PolicyGroup> groups(
      P2SGatewaySpec spec,
      Set<AuthenticationType> authentications,
      List<Cidr> gatewayPools,
      ServiceDestinations services,
      List<Cidr> serviceRanges)
      throws GatewayRefused {
    List<PolicyGroupSpec> written = spec.policyGroups();
    if (written == null || written.isEmpty()) {
      return List.of();
    }
    counts(written);
    Set<String> names = new HashSet<>();
    Map<Integer, String> priorities = new HashMap<>();
    Map<Integer, String> marks = new HashMap<>();
    Map<Cidr, String> pools = new HashMap<>();
    gatewayPools.forEach(pool -> pools.put(pool, "spec.clientAddressPools"));
    List<PolicyGroup> groups = new ArrayList<>();
    for (PolicyGroupSpec group : written) {
      String field = field(group.name());
      if (!names.add(group.name())) {
        throw refused(field + " is there twice; a group's name stands once");
      }
      String namesake = marks.put(PolicyGroup.mark(group.name()), group.name());
      if (namesake != null) {
        throw refused(
            field
                + ": the kernel could not tell it from "
                + GatewayRules.quoted(namesake)
                + "; give it another name");
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
      groups.add(
          new PolicyGroup(
              group.name(),
              group.priority(),
              Boolean.TRUE.equals(group.isDefault()),
              members(field, group, authentications),
              pools(field, group, pools),
              destinations(field, group, services),
              ranges(group, serviceRanges)));
    }
    groups.sort(Comparator.comparingInt(PolicyGroup::priority));
    return List.copyOf(groups);
  }

  /** How a group is named in a sentence. */
  static String field(String group) {
    return "spec.policyGroups[" + GatewayRules.quoted(group) + "]";
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
    int members = groups.stream().mapToInt(g -> written(g.members()).size()).sum();
    if (members > MOST_MEMBERS) {
      throw refused(
          "spec.policyGroups: "
              + members
              + " members; all groups together have "
              + MOST_MEMBERS
              + " at most");
    }
  }

  private static List<PolicyGroup.Selector> members(
      String field, PolicyGroupSpec group, Set<AuthenticationType> authentications)
      throws GatewayRefused {
    List<PolicyGroup.Selector> selectors = new ArrayList<>();
    for (PolicyGroupSpec.Member member : written(group.members())) {
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
      selectors.add(new PolicyGroup.Selector(member.type(), value(field, member, authentications)));
    }
    return selectors.stream()
        .distinct()
        .sorted(
            Comparator.comparing(PolicyGroup.Selector::type)
                .thenComparing(PolicyGroup.Selector::value))
        .toList();
  }

  // credentials are compared with one form; a value that no credential can have matches nobody
  private static String value(
      String field, PolicyGroupSpec.Member member, Set<AuthenticationType> authentications)
      throws GatewayRefused {
    String text = Objects.requireNonNullElse(member.value(), "");
    String lower = text.toLowerCase(Locale.ROOT);
    return switch (member.type()) {
      case AADGroupId -> {
        // another issuer's groups have names
        if (!authentications.contains(AuthenticationType.EntraID)) {
          yield text;
        }
        if (!AuthenticationRules.isGuid(text)) {
          throw valueRefused(
              field, text, "a group's GUID, such as 99999999-2222-3333-4444-555555555555");
        }
        yield lower;
      }
      case CertificateGroupId -> {
        try {
          yield Fqdn.parse(text).value();
        } catch (IllegalArgumentException e) {
          throw valueRefused(
              field, text, "the domain after the @ of a common name, such as corp.example");
        }
      }
      case RadiusAzureGroupId -> {
        if (!RADIUS_GROUP.matcher(lower).matches()) {
          throw valueRefused(
              field, text, "hexadecimal digits that begin with 6ad1bd, such as 6ad1bd01");
        }
        yield lower;
      }
    };
  }

  private static GatewayRefused valueRefused(String field, String text, String wanted) {
    return refused(field + ".members: " + GatewayRules.quoted(text) + " must be " + wanted);
  }

  private static List<Cidr> pools(String field, PolicyGroupSpec group, Map<Cidr, String> taken)
      throws GatewayRefused {
    List<String> written = written(group.clientAddressPools());
    List<Cidr> pools = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      String where = field + ".clientAddressPools[" + i + "]";
      Cidr pool = AddressRules.cidr(where, written.get(i), GatewayRefusal.PoolInvalid);
      AddressRules.size(where, pool);
      for (Map.Entry<Cidr, String> other : taken.entrySet()) {
        AddressRules.disjoint(where, pool, other.getKey(), other.getValue());
      }
      taken.put(pool, field);
      pools.add(pool);
    }
    return pools;
  }

  /** Null where the spec has no list: all routes are allowed, which an empty list does not. */
  private static List<PolicyGroup.Destination> destinations(
      String field, PolicyGroupSpec group, ServiceDestinations services) throws GatewayRefused {
    if (group.allow() == null) {
      return null;
    }
    List<PolicyGroup.Destination> destinations = new ArrayList<>();
    for (PolicyGroupSpec.Allow allow : group.allow()) {
      if ((allow.cidr() == null) == (allow.services() == null)) {
        throw refused(field + ".allow: each entry names either cidr or services");
      }
      if (allow.services() != null) {
        destinations.addAll(services.of(allow.services(), ports(allow)));
      } else {
        destinations.add(
            new PolicyGroup.Destination(
                AddressRules.cidr(
                    field + ".allow.cidr", allow.cidr(), GatewayRefusal.PolicyGroupInvalid),
                ports(allow)));
      }
    }
    return destinations;
  }

  /** What clients are told of, before it is held to what is advertised; null: all of that. */
  private static List<Cidr> ranges(PolicyGroupSpec group, List<Cidr> serviceRanges) {
    return group.allow() == null
        ? null
        : group.allow().stream()
            .flatMap(
                allow ->
                    allow.services() == null
                        ? Stream.of(Cidr.parse(allow.cidr()))
                        : serviceRanges.stream())
            .distinct()
            .toList();
  }

  private static List<PolicyGroup.Port> ports(PolicyGroupSpec.Allow allow) {
    return written(allow.ports()).stream()
        .map(
            port ->
                new PolicyGroup.Port(
                    Objects.requireNonNullElse(port.protocol(), PolicyGroupSpec.Protocol.TCP),
                    port.port()))
        .distinct()
        .sorted(
            Comparator.comparing(PolicyGroup.Port::protocol).thenComparing(PolicyGroup.Port::port))
        .toList();
  }

  private static <T> List<T> written(List<T> list) {
    return list == null ? List.of() : list;
  }

  private static GatewayRefused refused(String message) {
    return new GatewayRefused(GatewayRefusal.PolicyGroupInvalid, message);
  }
}

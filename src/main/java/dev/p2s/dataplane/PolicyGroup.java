package dev.p2s.dataplane;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.CidrSet;
import dev.p2s.api.v1alpha1.PolicyGroupSpec.MemberType;
import dev.p2s.api.v1alpha1.PolicyGroupSpec.Protocol;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * People who get addresses and reach of their own. Of the groups that a person belongs to, the one
 * with the lowest priority counts; whoever belongs to none is the default group's.
 *
 * @param name stays for the group's life
 * @param priority lower counts first; no two groups have the same
 * @param isDefault whether the group takes whoever belongs to no other; exactly one does
 * @param members what a person is recognised by; one match is enough
 * @param clientAddressPools where its people get their addresses from; empty: the gateway's pools
 * @param allow what its people may reach; null: all advertised routes, empty: nothing
 * @param routes what its people's clients are told to route; null: all advertised routes
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record PolicyGroup(
    String name,
    int priority,
    boolean isDefault,
    List<Selector> members,
    List<Cidr> clientAddressPools,
    @JsonInclude(JsonInclude.Include.NON_NULL) List<Destination> allow,
    @JsonInclude(JsonInclude.Include.NON_NULL) List<Cidr> routes) {

  public PolicyGroup {
    members = members == null ? List.of() : List.copyOf(members);
    clientAddressPools = clientAddressPools == null ? List.of() : List.copyOf(clientAddressPools);
    allow = allow == null ? null : List.copyOf(allow);
    routes = routes == null ? null : List.copyOf(routes);
  }

  /** What its people may reach; absent: all advertised routes. */
  @JsonIgnore
  public Optional<List<Destination>> allowed() {
    return Optional.ofNullable(allow);
  }

  /** The same group with what its people's clients are told, of what can be reached at all. */
  public PolicyGroup toldOf(List<Cidr> reachable) {
    return new PolicyGroup(
        name,
        priority,
        isDefault,
        members,
        clientAddressPools,
        allow,
        routes == null ? null : CidrSet.common(reachable, routes));
  }

  /** Pools that serve different people: the gateway's, then each group's own. */
  public static List<List<Cidr>> poolSets(List<Cidr> gateway, List<PolicyGroup> groups) {
    List<List<Cidr>> sets = new ArrayList<>();
    sets.add(gateway);
    groups.stream()
        .map(PolicyGroup::clientAddressPools)
        .filter(pools -> !pools.isEmpty())
        .forEach(sets::add);
    return List.copyOf(sets);
  }

  /** What its people's clients are told to route; absent: all advertised routes. */
  @JsonIgnore
  public Optional<List<Cidr>> told() {
    return Optional.ofNullable(routes);
  }

  /**
   * What the kernel knows a group by, from its name alone: it stays as long as that, whatever other
   * groups come and go. Not 0, which is nobody's.
   */
  public static int mark(String name) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    int mark = (int) crc.getValue();
    return mark == 0 ? 1 : mark;
  }

  /**
   * What a credential has to tell of a person.
   *
   * @param type which attribute of which credential
   * @param value in the one form that is compared: a GUID, a domain name or hexadecimal digits in
   *     lower case; with an OIDC issuer the group's name as it is
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Selector(MemberType type, String value) {}

  /**
   * A range that may be reached.
   *
   * @param range within it and within the advertised routes
   * @param ports empty: all ports of all protocols
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Destination(Cidr range, List<Port> ports) {
    public Destination {
      ports = ports == null ? List.of() : List.copyOf(ports);
    }
  }

  /**
   * @param protocol TCP or UDP
   * @param port 1–65535
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Port(Protocol protocol, int port) {}
}

package dev.p2s.agent.session;

import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.PolicyGroup;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Where people get their addresses from: their group's own pools, or the gateway's. */
public final class GroupPools {

  /** Of no state. */
  public static final GroupPools NONE =
      new GroupPools(new AddressPools(List.of()), Map.of(), new AddressPools(List.of()));

  private final AddressPools gateway;
  private final Map<String, AddressPools> own;
  private final AddressPools all;

  private GroupPools(AddressPools gateway, Map<String, AddressPools> own, AddressPools all) {
    this.gateway = gateway;
    this.own = own;
    this.all = all;
  }

  /**
   * @throws IllegalArgumentException where a pool is not IPv4, or too small for one client
   */
  public static GroupPools of(GatewayState state) {
    Map<String, AddressPools> own = new HashMap<>();
    for (PolicyGroup group : state.groups()) {
      if (!group.clientAddressPools().isEmpty()) {
        own.put(group.name(), new AddressPools(group.clientAddressPools()));
      }
    }
    return new GroupPools(
        new AddressPools(state.clientAddressPools()), own, new AddressPools(state.everyPool()));
  }

  /** The gateway's own, for whoever has no group with others. */
  public AddressPools gateway() {
    return gateway;
  }

  /** A group's; the gateway's where it has none, or where there is no group. */
  public AddressPools of(Optional<PolicyGroup> group) {
    return group.map(PolicyGroup::name).map(own::get).orElse(gateway);
  }

  /** Whether somebody of a group may keep the addresses that they have. */
  public boolean hold(Optional<PolicyGroup> group, Session session) {
    return of(group).poolOf(session.address()).isPresent()
        && (session.ipv6() == null || all.holdsIpv6(session.ipv6()));
  }

  /** The IPv6 address that goes with an address; empty where the client can have none. */
  public Optional<TunnelAddress> beside(TunnelAddress address, TunnelType protocol) {
    // our SSTP endpoint has no IPV6CP
    return protocol == TunnelType.SSTP ? Optional.empty() : all.beside(address);
  }

  /**
   * Whether an address cannot be given, since somebody has it or the one that goes with it.
   *
   * @param taken whether somebody has an address
   */
  public boolean isTaken(TunnelAddress address, Predicate<TunnelAddress> taken) {
    return taken.test(address) || all.beside(address).filter(taken).isPresent();
  }

  /** All of them together. */
  public AddressPools all() {
    return all;
  }
}

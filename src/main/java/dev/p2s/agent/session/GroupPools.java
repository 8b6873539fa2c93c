package dev.p2s.agent.session;

import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.PolicyGroup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  /** All of them together. */
  public AddressPools all() {
    return all;
  }
}

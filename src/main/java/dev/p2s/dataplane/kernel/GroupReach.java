package dev.p2s.dataplane.kernel;

import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.PolicyGroup;
import dev.p2s.dataplane.PolicyGroup.Destination;
import java.util.List;

/**
 * What the people of a policy group may reach, of what the gateway advertises.
 *
 * @param group what the kernel knows it by, not 0
 * @param destinations ranges; one without ports is reached by every protocol
 */
public record GroupReach(int group, List<Destination> destinations) {

  public GroupReach {
    destinations = List.copyOf(destinations);
    if (group == 0) {
      throw new IllegalArgumentException("group 0 is that of people without a group");
    }
  }

  /** Of each group of a state. */
  public static List<GroupReach> of(GatewayState state) {
    return state.groups().stream()
        .map(group -> new GroupReach(PolicyGroup.mark(group.name()), destinations(group, state)))
        .toList();
  }

  private static List<Destination> destinations(PolicyGroup group, GatewayState state) {
    return group
        .allowed()
        .orElseGet(
            () ->
                state.reachable().stream()
                    .map(route -> new Destination(route, List.of()))
                    .toList());
  }
}

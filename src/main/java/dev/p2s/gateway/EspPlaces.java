package dev.p2s.gateway;

import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.ikev2.EspPlace;
import dev.p2s.status.Conditions;
import java.util.Collection;
import java.util.List;

/** Says where a gateway's pods encrypt IKEv2's traffic, as each has found out at its start. */
final class EspPlaces {

  /** True: the nodes' kernels do it. Not said where nothing of IKEv2 runs. */
  static final String CONDITION = "EspInKernel";

  private EspPlaces() {}

  static void tell(Conditions conditions, Collection<AgentReport> reports) {
    List<AgentReport> known = reports.stream().filter(report -> report.esp() != null).toList();
    if (known.isEmpty()) {
      return;
    }
    List<String> slow =
        known.stream()
            .filter(report -> report.esp() == EspPlace.USERSPACE)
            .map(AgentReport::pod)
            .sorted()
            .toList();
    if (slow.isEmpty()) {
      conditions.yes(
          CONDITION, GatewayReason.NodeKernel, "ESP is done by the kernels of the pods' nodes");
    } else {
      conditions.no(
          CONDITION,
          GatewayReason.UserSpace,
          "ESP is done by charon itself, which is slower, in "
              + String.join(", ", slow)
              + ": the kernels of their nodes lacked ESP or xfrm devices when these pods started;"
              + " load esp4 and xfrm_interface there and delete the pods");
    }
  }
}

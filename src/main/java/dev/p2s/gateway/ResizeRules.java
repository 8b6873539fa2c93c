package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.catalog.GatewaySku;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * From which SKU a gateway may go to which other: up and down within a generation, live; never from
 * or to Basic. Figures of one's own belong to no generation. Packages know nothing of a SKU, so a
 * resize changes none; a gateway that is made anew keeps its Secrets, and with them its packages.
 */
final class ResizeRules {

  private ResizeRules() {}

  /**
   * @param accepted the spec that was accepted last; empty for a gateway that never ran
   */
  static void check(Optional<P2SGatewaySpec> accepted, GatewaySku wanted) throws GatewayRefused {
    if (accepted.isEmpty()) {
      return;
    }
    GatewaySku present = GatewayRules.sku(accepted.get());
    if (present.equals(wanted)) {
      return;
    }
    if (present.isBasic() || wanted.isBasic()) {
      throw refused(
          wanted.name()
              + ": a gateway of "
              + present.name()
              + " cannot be resized, since none is resized from or to Basic");
    }
    if (!present.isCustom()
        && !wanted.isCustom()
        && !present.generation().equals(wanted.generation())) {
      throw refused(
          wanted.name()
              + " of "
              + wanted.generation()
              + ": the gateway is of "
              + present.generation()
              + ", within which there are "
              + GatewaySku.all().stream()
                  .filter(row -> row.generation().equals(present.generation()))
                  .filter(row -> !row.isBasic())
                  .map(GatewaySku::name)
                  .collect(Collectors.joining(", ")));
    }
  }

  private static GatewayRefused refused(String what) {
    return new GatewayRefused(
        GatewayRefusal.ResizeNotOffered,
        "spec.sku: "
            + what
            + "; keep the present one, or delete the gateway and create it anew: its kept Secrets keep"
            + " every package valid");
  }
}

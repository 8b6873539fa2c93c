package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.SkuColumn;
import dev.p2s.status.Conditions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Live sessions of a gateway over all its pods, as the SKU counts them.
 *
 * @param live by column, of the columns that are served
 */
record Connections(Map<SkuColumn, Integer> live) {

  Connections {
    live = Map.copyOf(live);
  }

  /**
   * @param columns those of the gateway's protocols
   */
  static Connections of(Collection<AgentReport> reports, Set<SkuColumn> columns) {
    Map<SkuColumn, Integer> live = new EnumMap<>(SkuColumn.class);
    columns.forEach(column -> live.put(column, 0));
    reports.stream()
        .flatMap(report -> report.sessions().stream())
        .map(session -> SkuColumn.of(TunnelType.valueOf(session.protocol())))
        .forEach(column -> live.merge(column, 1, Integer::sum));
    return new Connections(live);
  }

  int of(SkuColumn column) {
    return live.getOrDefault(column, 0);
  }

  int all() {
    return live.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** {@code 3/250}, and SSTP's figure beside it where that is one of several protocols. */
  String text(ResolvedGateway gateway) {
    List<String> figures = new ArrayList<>();
    for (SkuColumn column : gateway.columns()) {
      String figure = of(column) + "/" + gateway.connectionLimit(column);
      figures.add(
          column == SkuColumn.SSTP && gateway.columns().size() > 1 ? "SSTP " + figure : figure);
    }
    return String.join(", ", figures);
  }

  // only a resize makes more connections than the SKU takes; a newcomer is refused meanwhile
  void tell(Conditions conditions, ResolvedGateway gateway) {
    for (SkuColumn column : gateway.columns()) {
      int limit = gateway.connectionLimit(column);
      if (of(column) > limit) {
        conditions.yes(
            "ResizePending",
            GatewayReason.SessionsExceedSku,
            of(column)
                + (column == SkuColumn.SSTP ? " SSTP connections" : " connections")
                + " are open and "
                + gateway.sku().name()
                + " takes "
                + limit
                + "; nobody is thrown out, and nobody new is let in until they fit");
        return;
      }
    }
  }
}

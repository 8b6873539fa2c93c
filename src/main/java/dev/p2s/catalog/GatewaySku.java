package dev.p2s.catalog;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A row of the seed's SKU table, or figures of one's own in its place.
 *
 * @param generation {@code Generation1} or {@code Generation2}; {@code custom} for own figures
 * @param name such as {@code VpnGw1AZ}; {@code custom} for own figures
 * @param maxSiteToSiteTunnels the seed's figure; 100 is more by custom policy there. Not served
 *     here
 * @param maxSstpConnections SSTP connections at once, apart from the others
 * @param maxConnections IKEv2 and OpenVPN connections at once, together; 0: not supported
 * @param aggregateThroughputMbps the throughput benchmark in Mbit/s
 * @param bgp whether the seed's gateway speaks BGP; not served here
 * @param zoneRedundant whether the gateway spreads over availability zones
 * @param maxVirtualMachines the seed's figure for the virtual network; not enforced here
 */
public record GatewaySku(
    String generation,
    String name,
    int maxSiteToSiteTunnels,
    int maxSstpConnections,
    int maxConnections,
    int aggregateThroughputMbps,
    boolean bgp,
    boolean zoneRedundant,
    int maxVirtualMachines) {

  private static final String CUSTOM = "custom";

  /** What a gateway is that names none. */
  public static final String DEFAULT = "VpnGw1AZ";

  private static final List<GatewaySku> ALL =
      CatalogTable.read("skus").stream().map(GatewaySku::of).toList();

  /** All rows in the seed's order. */
  public static List<GatewaySku> all() {
    return ALL;
  }

  /** The rows of a name; two where both generations have it. */
  public static List<GatewaySku> named(String name) {
    return ALL.stream().filter(sku -> sku.name().equals(name)).toList();
  }

  public static Optional<GatewaySku> of(String generation, String name) {
    return named(name).stream().filter(sku -> sku.generation().equals(generation)).findFirst();
  }

  /** Figures of one's own. */
  public static GatewaySku custom(
      int connections, int sstpConnections, int throughputMbps, boolean zoneRedundant) {
    return new GatewaySku(
        CUSTOM, CUSTOM, 0, sstpConnections, connections, throughputMbps, false, zoneRedundant, 0);
  }

  /** Whether these are figures of one's own and no row. */
  public boolean isCustom() {
    return generation.equals(CUSTOM);
  }

  /** Basic serves SSTP with certificates only (seed, note below the SKU table). */
  public boolean isBasic() {
    return name.equals("Basic");
  }

  private static GatewaySku of(Map<String, String> row) {
    return new GatewaySku(
        row.get("generation"),
        row.get("sku"),
        Integer.parseInt(row.get("maxS2STunnels")),
        Integer.parseInt(row.get("maxSstpConnections")),
        Integer.parseInt(row.get("maxIkev2OpenvpnConnections")),
        Integer.parseInt(row.get("aggregateThroughputMbps")),
        Boolean.parseBoolean(row.get("bgp")),
        Boolean.parseBoolean(row.get("zoneRedundant")),
        Integer.parseInt(row.get("maxVmsInVirtualNetwork")));
  }
}

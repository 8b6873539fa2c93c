package dev.p2s.catalog;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.ClientPlatform;
import dev.p2s.api.v1alpha1.TunnelType;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A row of the seed's table of clients: what a person installs.
 *
 * @param authentication how it authenticates
 * @param tunnels the protocols that it speaks
 * @param platforms where it runs
 * @param name as the seed calls it, such as {@code Azure VPN Client}
 */
public record ClientSoftware(
    AuthenticationType authentication,
    Set<TunnelType> tunnels,
    Set<ClientPlatform> platforms,
    String name) {

  private static final List<ClientSoftware> SEED = table("clients");

  private static final List<ClientSoftware> ALL =
      Stream.concat(SEED.stream(), table("clients-extended").stream()).toList();

  /** The seed's twelve rows in order. */
  public static List<ClientSoftware> ofTheSeed() {
    return SEED;
  }

  /** The seed's rows and those that its text implies: RADIUS, Android, iOS, OIDC. */
  public static List<ClientSoftware> all() {
    return ALL;
  }

  /** What works with a gateway's tunnels under an authentication; empty where nothing does. */
  public static List<ClientSoftware> fitting(
      Set<TunnelType> tunnels, AuthenticationType authentication) {
    return ALL.stream()
        .filter(row -> row.authentication() == authentication)
        .filter(row -> row.tunnels().stream().anyMatch(tunnels::contains))
        .toList();
  }

  /** The platforms that have something that fits. */
  public static Set<ClientPlatform> platforms(
      Set<TunnelType> tunnels, AuthenticationType authentication) {
    return fitting(tunnels, authentication).stream()
        .flatMap(row -> row.platforms().stream())
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(ClientPlatform.class)));
  }

  private static List<ClientSoftware> table(String name) {
    return CatalogTable.read(name).stream().map(ClientSoftware::of).toList();
  }

  private static ClientSoftware of(Map<String, String> row) {
    return new ClientSoftware(
        AuthenticationType.valueOf(row.get("authentication")),
        CatalogTable.each(TunnelType.class, row.get("tunnelTypes"), "\\|"),
        row.get("clientOs").equals("any")
            ? EnumSet.allOf(ClientPlatform.class)
            : CatalogTable.each(ClientPlatform.class, row.get("clientOs"), "\\|"),
        row.get("vpnClient"));
  }
}

package dev.p2s.catalog;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.TunnelType;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A row of the seed's table "Tunnel Type – Authentication Mechanism": one allowed combination.
 *
 * @param tunnels all of them together
 * @param authentications all of them together
 */
public record TunnelAuthentication(
    Set<TunnelType> tunnels, Set<AuthenticationType> authentications) {

  private static final List<TunnelAuthentication> ALL =
      CatalogTable.read("tunnel-authentication").stream()
          .map(
              row ->
                  new TunnelAuthentication(
                      CatalogTable.each(TunnelType.class, row.get("tunnelTypes"), "\\+"),
                      CatalogTable.each(
                          AuthenticationType.class, row.get("authenticationTypes"), "\\+")))
          .toList();

  /** All 17 rows in the seed's order. */
  public static List<TunnelAuthentication> all() {
    return ALL;
  }

  /** Whether the seed has a row for the combination; any OIDC issuer stands in Entra ID's place. */
  public static boolean allows(Set<TunnelType> tunnels, Set<AuthenticationType> authentications) {
    if (authentications.containsAll(Set.of(AuthenticationType.OIDC, AuthenticationType.EntraID))) {
      return false;
    }
    Set<AuthenticationType> inTheSeedsWords =
        authentications.stream()
            .map(type -> type == AuthenticationType.OIDC ? AuthenticationType.EntraID : type)
            .collect(Collectors.toSet());
    return ALL.contains(new TunnelAuthentication(Set.copyOf(tunnels), inTheSeedsWords));
  }

  /** The authentications that the seed allows for exactly these tunnels; empty where none. */
  public static List<Set<AuthenticationType>> allowedFor(Set<TunnelType> tunnels) {
    return ALL.stream()
        .filter(row -> row.tunnels().equals(tunnels))
        .map(TunnelAuthentication::authentications)
        .toList();
  }
}

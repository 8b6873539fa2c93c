package dev.p2s.catalog;

import dev.p2s.api.v1alpha1.ClientPlatform;
import dev.p2s.api.v1alpha1.EntraIdSpec.Cloud;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A row of the seed's table of Azure VPN Client registrations; the sign-in hosts and issuers of the
 * clouds beside it are Microsoft's, not the seed's.
 *
 * @param registration {@code MicrosoftRegistered} or {@code ManuallyRegistered}
 * @param cloud whose sign-in it belongs to
 * @param audience the application's id, a GUID
 * @param authority the cloud's sign-in address
 * @param clients platforms whose Azure VPN Client works with it
 * @param issuerPattern the v1 issuer with {@code {tenant}} in it
 */
public record EntraAudience(
    String registration,
    Cloud cloud,
    String audience,
    String authority,
    Set<ClientPlatform> clients,
    String issuerPattern) {

  private static final String CUSTOM = "Custom";

  private static final List<EntraAudience> ALL =
      CatalogTable.read("entra-audiences").stream()
          .filter(row -> !row.get("registration").equals(CUSTOM))
          .map(EntraAudience::of)
          .toList();

  private static final Set<ClientPlatform> CUSTOM_CLIENTS =
      CatalogTable.read("entra-audiences").stream()
          .filter(row -> row.get("registration").equals(CUSTOM))
          .findFirst()
          .map(row -> CatalogTable.each(ClientPlatform.class, row.get("clients"), "\\|"))
          .orElseThrow();

  /** The registered audiences in the seed's order; an audience of one's own is none of them. */
  public static List<EntraAudience> all() {
    return ALL;
  }

  /** The row of a registered audience; empty where it is of one's own. */
  public static Optional<EntraAudience> registered(String audience) {
    return ALL.stream().filter(row -> row.audience().equalsIgnoreCase(audience)).findFirst();
  }

  /** The first row of a cloud. */
  public static EntraAudience of(Cloud cloud) {
    return ALL.stream().filter(row -> row.cloud() == cloud).findFirst().orElseThrow();
  }

  /** The platforms whose Azure VPN Client signs in with an audience (seed, same table). */
  public static Set<ClientPlatform> clientsOf(String audience) {
    return registered(audience).map(EntraAudience::clients).orElse(CUSTOM_CLIENTS);
  }

  /** The issuer of the cloud's v1 tokens, with its trailing slash. */
  public String v1Issuer(String tenant) {
    return issuerPattern.replace("{tenant}", tenant);
  }

  /** The issuer of the cloud's v2 tokens. */
  public String v2Issuer(String tenant) {
    return authority + "/" + tenant + "/v2.0";
  }

  private static EntraAudience of(Map<String, String> row) {
    return new EntraAudience(
        row.get("registration"),
        Cloud.valueOf(row.get("cloud")),
        row.get("audience"),
        row.get("authority"),
        CatalogTable.each(ClientPlatform.class, row.get("clients"), "\\|"),
        row.get("issuer"));
  }
}

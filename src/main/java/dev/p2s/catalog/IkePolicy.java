package dev.p2s.catalog;

import java.util.List;

/**
 * A row of the seed's IKEv2 policy table, in the seed's spelling.
 *
 * @param cipher such as {@code GCM_AES256}
 * @param integrity with a GCM cipher the same
 * @param prf such as {@code SHA384}
 * @param dhGroup such as {@code GROUP_ECP384}
 */
public record IkePolicy(String cipher, String integrity, String prf, String dhGroup) {

  private static final List<IkePolicy> ALL =
      CatalogTable.read("ike-policies").stream()
          .map(
              row ->
                  new IkePolicy(
                      row.get("cipher"), row.get("integrity"), row.get("prf"), row.get("dhGroup")))
          .toList();

  /** All 17 in the seed's order. */
  public static List<IkePolicy> all() {
    return ALL;
  }

  /** Those of them without SHA1, DH group 2 and group 24. */
  public static List<IkePolicy> hardened() {
    return ALL.stream()
        .filter(row -> !row.dhGroup().equals("GROUP_2") && !row.dhGroup().equals("GROUP_24"))
        .toList();
  }
}

package dev.p2s.catalog;

import java.util.List;

/**
 * A row of the seed's IPsec policy table, in the seed's spelling.
 *
 * @param cipher such as {@code GCM_AES256}
 * @param integrity with a GCM cipher the same
 * @param pfsGroup {@code GROUP_NONE} where the tunnel's keys come from IKE's
 */
public record IpsecPolicy(String cipher, String integrity, String pfsGroup) {

  private static final List<IpsecPolicy> ALL =
      CatalogTable.read("ipsec-policies").stream()
          .map(row -> new IpsecPolicy(row.get("cipher"), row.get("integrity"), row.get("pfsGroup")))
          .toList();

  /** All 11 in the seed's order. */
  public static List<IpsecPolicy> all() {
    return ALL;
  }

  /** Those of them without SHA1, DH group 2 and group 24. */
  public static List<IpsecPolicy> hardened() {
    return ALL.stream()
        .filter(row -> !row.integrity().equals("SHA1") && !row.pfsGroup().equals("GROUP_24"))
        .toList();
  }
}

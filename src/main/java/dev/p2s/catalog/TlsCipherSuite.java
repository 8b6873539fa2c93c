package dev.p2s.catalog;

import java.util.List;

/**
 * A row of the seed's TLS policy table.
 *
 * @param name the IANA name, such as {@code TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384}
 */
public record TlsCipherSuite(String name) {

  private static final List<TlsCipherSuite> ALL =
      CatalogTable.read("tls-cipher-suites").stream()
          .map(row -> new TlsCipherSuite(row.get("suite")))
          .toList();

  /** All 12 in the seed's order. */
  public static List<TlsCipherSuite> all() {
    return ALL;
  }

  /** Those with ephemeral keys and an authenticated cipher, in the seed's order. */
  public static List<TlsCipherSuite> hardened() {
    return ALL.stream()
        .filter(suite -> suite.name().startsWith("TLS_ECDHE_") && suite.name().contains("_GCM_"))
        .toList();
  }
}

package dev.p2s.clientprofile.formats;

import dev.p2s.catalog.IkePolicy;
import dev.p2s.catalog.IpsecPolicy;
import dev.p2s.dataplane.GatewayState;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The one proposal of a client that is told exactly one: a row of the gateway's IKE policies and
 * one of its IPsec policies.
 *
 * @param ike for the connection
 * @param ipsec for its tunnel
 */
record ClientSuite(IkePolicy ike, IpsecPolicy ipsec) {

  /** What every client of the last ten years can do; preferred where the gateway has it. */
  private static final IkePolicy COMMON_IKE =
      new IkePolicy("AES256", "SHA256", "SHA256", "GROUP_14");

  private static final IpsecPolicy COMMON_IPSEC = new IpsecPolicy("AES256", "SHA256", "GROUP_NONE");

  /**
   * @param groups that the client knows
   * @return empty where the gateway has no row for such a client
   */
  static Optional<ClientSuite> of(GatewayState.Ikev2 ikev2, Set<String> groups) {
    Optional<IkePolicy> ike =
        first(
            ikev2.ikePolicies().stream().filter(row -> groups.contains(row.dhGroup())).toList(),
            COMMON_IKE);
    Optional<IpsecPolicy> ipsec =
        first(
            ikev2.ipsecPolicies().stream()
                .filter(
                    row -> row.pfsGroup().equals("GROUP_NONE") || groups.contains(row.pfsGroup()))
                .toList(),
            COMMON_IPSEC);
    return ike.flatMap(one -> ipsec.map(other -> new ClientSuite(one, other)));
  }

  private static <T> Optional<T> first(List<T> rows, T preferred) {
    return rows.contains(preferred) ? Optional.of(preferred) : rows.stream().findFirst();
  }
}

package dev.p2s.dataplane;

import dev.p2s.addressing.Cidr;
import dev.p2s.api.v1alpha1.TunnelType;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The two columns of connections in the seed's SKU table: what counts together has one limit, its
 * addresses, and shares of both.
 */
public enum SkuColumn {
  /** "P2S IKEv2/OpenVPN Connections". */
  IKEV2_OPENVPN,
  /** "P2S SSTP Connections". */
  SSTP;

  /** Where a protocol's connections count. */
  public static SkuColumn of(TunnelType protocol) {
    return protocol == TunnelType.SSTP ? SSTP : IKEV2_OPENVPN;
  }

  /** Where the connections of a gateway of these protocols count. */
  public static Set<SkuColumn> of(Collection<TunnelType> protocols) {
    EnumSet<SkuColumn> columns = EnumSet.noneOf(SkuColumn.class);
    protocols.forEach(protocol -> columns.add(of(protocol)));
    return columns;
  }

  /**
   * What of the pools the clients of this column may have: all of it, or the one half of each where
   * SSTP is one of several protocols (Azure splits a pool equally between the protocols then; SSTP
   * has the upper half here). The pool's network, gateway and broadcast address stay nobody's.
   *
   * @param served the columns of the gateway's protocols
   */
  public List<Cidr> addresses(List<Cidr> pools, Set<SkuColumn> served) {
    if (!served.contains(this)) {
      return List.of();
    }
    return served.size() == 1 ? List.copyOf(pools) : pools.stream().map(this::half).toList();
  }

  /** The columns of a state's protocols; that of IKEv2 and OpenVPN where it has none. */
  public static Set<SkuColumn> of(GatewayState state) {
    EnumSet<SkuColumn> columns = EnumSet.noneOf(SkuColumn.class);
    if (state.openVpn() != null || state.ikev2() != null || state.sstp() == null) {
      columns.add(IKEV2_OPENVPN);
    }
    if (state.sstp() != null) {
      columns.add(SSTP);
    }
    return columns;
  }

  /** Connections at once; none in a column that is not served. */
  public int limit(GatewayState state) {
    return switch (this) {
      case IKEV2_OPENVPN -> state.connectionLimit();
      case SSTP -> state.sstp() == null ? 0 : state.sstp().connectionLimit();
    };
  }

  /** What each ordinal may use; empty: ordinal 0 has it all. */
  public List<Share> shares(GatewayState state) {
    return switch (this) {
      case IKEV2_OPENVPN -> state.shares();
      case SSTP -> state.sstp() == null ? List.of() : state.sstp().shares();
    };
  }

  /** What an ordinal may use. */
  public Holding holding(GatewayState state, int ordinal) {
    if (shares(state).isEmpty()) {
      return ordinal == 0
          ? new Holding(limit(state), addresses(state.everyPool(), of(state)))
          : Holding.NONE;
    }
    return shares(state).stream()
        .filter(share -> share.ordinal() == ordinal)
        .map(Share::now)
        .findFirst()
        .orElse(Holding.NONE);
  }

  private Cidr half(Cidr pool) {
    long at = this == SSTP ? pool.size().shiftRight(1).longValueExact() : 0;
    return new Cidr(pool.address(at), pool.prefix() + 1);
  }
}

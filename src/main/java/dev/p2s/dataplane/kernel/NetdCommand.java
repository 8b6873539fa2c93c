package dev.p2s.dataplane.kernel;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.p2s.addressing.Cidr;
import dev.p2s.dataplane.ikev2.EspPlace;
import java.util.List;

/**
 * What the agent may ask of netd, the pod's hand in the kernel. There is nothing else: no text of a
 * user and no name of a device or table travels here.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "command")
@JsonSubTypes({
  @JsonSubTypes.Type(value = NetdCommand.Configure.class, name = "configure"),
  @JsonSubTypes.Type(value = NetdCommand.Permit.class, name = "permit"),
  @JsonSubTypes.Type(value = NetdCommand.Forbid.class, name = "forbid"),
  @JsonSubTypes.Type(value = NetdCommand.Shape.class, name = "shape"),
  @JsonSubTypes.Type(value = NetdCommand.ListGrants.class, name = "list"),
  @JsonSubTypes.Type(value = NetdCommand.CountPackets.class, name = "count"),
  @JsonSubTypes.Type(value = NetdCommand.Ping.class, name = "ping")
})
public sealed interface NetdCommand {

  /**
   * Devices and rules as they shall be, whole; grants stay as they are.
   *
   * @param slots processes whose tun devices shall exist; others are removed
   * @param steering those of them that new connections to TCP 443 are spread over
   * @param gatewayAddresses the gateway's address of each pool, set on every tun device
   * @param routes all that a session may reach
   * @param snat whether traffic leaves with the pod's address
   * @param tunnelMtu MTU of the tun devices in bytes, 576–9000; TCP's MSS is clamped to it
   * @param ikev2 where IKEv2's packets are encrypted, or null while no charon answers: makes or
   *     takes over the device of {@link ProcessSlot#IKEV2}
   * @param groups what each policy group may reach; empty where the gateway has none, and everybody
   *     reaches all routes
   * @param clientToClient whether clients may reach one another
   */
  record Configure(
      List<ProcessSlot> slots,
      List<ProcessSlot> steering,
      List<TunnelAddress> gatewayAddresses,
      List<Cidr> routes,
      boolean snat,
      int tunnelMtu,
      EspPlace ikev2,
      List<GroupReach> groups,
      boolean clientToClient)
      implements NetdCommand {

    /** Of a gateway without policy groups, whose clients do not reach one another. */
    public Configure(
        List<ProcessSlot> slots,
        List<ProcessSlot> steering,
        List<TunnelAddress> gatewayAddresses,
        List<Cidr> routes,
        boolean snat,
        int tunnelMtu,
        EspPlace ikev2) {
      this(slots, steering, gatewayAddresses, routes, snat, tunnelMtu, ikev2, List.of(), false);
    }

    public Configure {
      groups = List.copyOf(groups);
      slots = List.copyOf(slots);
      steering = List.copyOf(steering);
      gatewayAddresses = List.copyOf(gatewayAddresses);
      routes = List.copyOf(routes);
      if (tunnelMtu < 576 || tunnelMtu > 9000) {
        throw new IllegalArgumentException("tunnelMtu " + tunnelMtu + " is not within 576–9000");
      }
      if (slots.contains(ProcessSlot.IKEV2)) {
        throw new IllegalArgumentException("the place of IKEv2 is no OpenVPN process's");
      }
      if (!slots.containsAll(steering)) {
        throw new IllegalArgumentException("steering names a slot that has no tun device");
      }
    }
  }

  /** Adds grants; an address that another slot held moves. */
  record Permit(List<Grant> grants) implements NetdCommand {
    public Permit {
      grants = List.copyOf(grants);
    }
  }

  /** Takes grants away: flows that are under way stop with it. */
  record Forbid(List<TunnelAddress> addresses) implements NetdCommand {
    public Forbid {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * Holds all tunnels together, in both directions, to a throughput.
   *
   * @param bitsPerSecond of packets as they are inside the tunnels, up to 100 Gbit/s; 0: no limit
   * @param pools where clients have their addresses, so that they share fairly
   */
  record Shape(long bitsPerSecond, List<Cidr> pools) implements NetdCommand {
    public Shape {
      pools = List.copyOf(pools);
      if (bitsPerSecond < 0 || bitsPerSecond > 100_000_000_000L) {
        throw new IllegalArgumentException(
            "bitsPerSecond " + bitsPerSecond + " is not within 0–100000000000");
      }
    }
  }

  /** Asks for the grants that the kernel holds. */
  record ListGrants() implements NetdCommand {}

  /** Asks how many packets have passed under each grant. */
  record CountPackets() implements NetdCommand {}

  /** Asks whether netd answers. */
  record Ping() implements NetdCommand {}
}

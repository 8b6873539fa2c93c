package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.TunnelType;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A port that clients dial: the same in the pod, on its Service and, with HostPort, on the node.
 */
enum ClientPort {
  /** netd spreads it over the server processes. */
  OPENVPN("openvpn", 443, "TCP", TunnelType.OpenVPN),
  /** netd leads it to the endpoint. */
  SSTP("sstp", 443, "TCP", TunnelType.SSTP),
  IKE("ike", 500, "UDP", TunnelType.IKEv2),
  /** IKE and ESP through NAT, which is how most clients come. */
  IKE_NAT("ike-nat", 4500, "UDP", TunnelType.IKEv2);

  private final String portName;
  private final int number;
  private final String protocol;
  private final TunnelType tunnel;

  ClientPort(String portName, int number, String protocol, TunnelType tunnel) {
    this.portName = portName;
    this.number = number;
    this.protocol = protocol;
    this.tunnel = tunnel;
  }

  /** Those of a gateway's protocols, in the enum's order. */
  static List<ClientPort> of(Set<TunnelType> tunnels) {
    return Stream.of(values()).filter(port -> tunnels.contains(port.tunnel)).toList();
  }

  String portName() {
    return portName;
  }

  int number() {
    return number;
  }

  String protocol() {
    return protocol;
  }
}

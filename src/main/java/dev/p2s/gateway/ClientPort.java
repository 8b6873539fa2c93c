package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.TunnelType;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
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

  /** What a pod's clients dial over TCP; empty where it serves IKEv2 alone. */
  static OptionalInt overTcp(Pod pod) {
    Set<String> names =
        Stream.of(values())
            .filter(port -> port.protocol.equals("TCP"))
            .map(ClientPort::portName)
            .collect(Collectors.toSet());
    return pod.getSpec().getContainers().stream()
        .flatMap(container -> container.getPorts().stream())
        .filter(port -> names.contains(port.getName()))
        .mapToInt(ContainerPort::getContainerPort)
        .findFirst();
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

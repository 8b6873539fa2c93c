package dev.p2s.gateway;

import dev.p2s.status.Conditions;

/** Says whether clients can connect, and where. */
final class ReadyStatus {

  private ReadyStatus() {}

  /**
   * @param programmed whether every pod follows the accepted state
   */
  static void tell(
      Conditions conditions, GatewayStatusFactory.Running running, boolean programmed) {
    if (running.endpoint().isEmpty()) {
      ResolvedGateway gateway = running.gateway();
      conditions.no(
          Conditions.READY,
          GatewayReason.AddressPending,
          "Service "
              + gateway.namespace()
              + "/"
              + gateway.name()
              + " has no address; where the cluster has no load balancer use exposure.type NodePort"
              + " or HostPort, or set exposure.address");
      return;
    }
    if (running.gateway().exposure().perReplica() && running.replicaAddresses().isEmpty()) {
      conditions.no(
          Conditions.READY,
          GatewayReason.AddressPending,
          "no replica's Service has an address yet; Services "
              + running.gateway().namespace()
              + "/"
              + ReplicaServices.name(running.gateway().name(), 0)
              + " and on");
      return;
    }
    long serving = running.pods().stream().filter(GatewayStatusFactory::isReady).count();
    if (serving == 0) {
      conditions.no(
          Conditions.READY, GatewayReason.WaitingForPods, "no gateway pod takes connections");
    } else if (!programmed && running.reports().isEmpty()) {
      conditions.unknown(
          Conditions.READY,
          GatewayReason.WaitingForPods,
          serving + " pods take connections, but none is connected with the operator");
    } else {
      GatewayEndpoint endpoint = running.endpoint().orElseThrow();
      conditions.yes(
          Conditions.READY,
          GatewayReason.Ready,
          "clients connect to " + endpoint.address() + " port " + endpoint.port());
    }
  }
}

package dev.p2s.gateway;

/**
 * The images that a gateway pod runs, as the chart names them.
 *
 * @param operator image of agent and netd: the operator's own
 * @param openVpn image of the OpenVPN servers
 * @param strongSwan image of the IKEv2 server
 * @param pullPolicy Kubernetes' imagePullPolicy
 */
public record DataPlaneImages(
    String operator, String openVpn, String strongSwan, String pullPolicy) {}

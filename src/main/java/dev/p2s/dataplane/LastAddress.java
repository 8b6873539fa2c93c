package dev.p2s.dataplane;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.util.Objects;

/**
 * The address of somebody whose session at a pod has ended lately, or ends as soon as another pod
 * has them (IKEv2, redirected). Operators tell it the gateway's other pods ({@code PUT
 * /v1/last-addresses}, a JSON array of all there are): whoever keeps theirs is back sooner, and
 * keeps the connections inside where traffic leaves with clients' own addresses.
 *
 * @param user who, as the credential says
 * @param certificateSha256 thumbprint of the client certificate, empty without one
 * @param protocol {@code OpenVPN} or {@code SSTP}; {@code IKEv2} where traffic leaves with clients'
 *     own addresses
 * @param tunnelAddress the IPv4 address inside
 * @param clientHost where the client came from, numeric, without its port: of several machines with
 *     one certificate each is offered its own
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LastAddress(
    String user,
    String certificateSha256,
    TunnelType protocol,
    TunnelAddress tunnelAddress,
    String clientHost) {

  public LastAddress {
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(certificateSha256, "certificateSha256");
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(tunnelAddress, "tunnelAddress");
    Objects.requireNonNull(clientHost, "clientHost");
  }

  /** Of a session as its pod reports it. */
  public static LastAddress of(AgentReport.Session session) {
    return new LastAddress(
        session.user(),
        session.certificateSha256(),
        TunnelType.valueOf(session.protocol()),
        TunnelAddress.parse(session.tunnelAddress()),
        ClientAddress.host(session.clientAddress()));
  }
}

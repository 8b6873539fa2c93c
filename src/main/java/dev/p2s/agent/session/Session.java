package dev.p2s.agent.session;

import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.PolicyGroup;
import dev.p2s.dataplane.kernel.Grant;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.util.List;
import java.util.Optional;

/**
 * One admitted connection, as it is kept beside the sockets so that an agent which is started anew
 * knows it again.
 *
 * @param id 16 hexadecimal digits, unique within the gateway
 * @param credential what it was admitted with
 * @param clientAddress where it comes from, {@code address:port}
 * @param address its address inside
 * @param sinceMillis when it was admitted, Unix time in milliseconds
 * @param seat where the server holds it
 * @param group the policy group that it is of, or null where the gateway has none
 * @param ipv6 its IPv6 address inside, or null where it has none
 * @param told a digest of the routes that its client was told and will not be told anew while it is
 *     connected; null where that is unknown, or clients are told otherwise
 */
public record Session(
    String id,
    Credential credential,
    String clientAddress,
    TunnelAddress address,
    long sinceMillis,
    Seat seat,
    String group,
    TunnelAddress ipv6,
    String told) {

  /** Of a client without an IPv6 address, and who knows what it was told. */
  public Session(
      String id,
      Credential credential,
      String clientAddress,
      TunnelAddress address,
      long sinceMillis,
      Seat seat,
      String group) {
    this(id, credential, clientAddress, address, sinceMillis, seat, group, null, null);
  }

  /**
   * Which client of which server process a session is.
   *
   * @param protocol what the client speaks
   * @param slot the process's place
   * @param daemon the process's id and start time: a process that was started anew has another
   * @param client OpenVPN's client id (CID), charon's number of the IKE SA or the SSTP endpoint's
   *     of the call, unique within one daemon's life
   */
  public record Seat(TunnelType protocol, ProcessSlot slot, String daemon, long client) {}

  /** The same session after its login was renewed. */
  public Session with(Credential newer) {
    return new Session(id, newer, clientAddress, address, sinceMillis, seat, group, ipv6, told);
  }

  /** The same session where its server has it now. */
  public Session at(Seat newer) {
    return new Session(
        id, credential, clientAddress, address, sinceMillis, newer, group, ipv6, told);
  }

  /** The same session of another group, or of none. */
  public Session in(Optional<PolicyGroup> other) {
    return new Session(
        id,
        credential,
        clientAddress,
        address,
        sinceMillis,
        seat,
        other.map(PolicyGroup::name).orElse(null),
        ipv6,
        told);
  }

  /** Its addresses inside. */
  public List<TunnelAddress> addresses() {
    return ipv6 == null ? List.of(address) : List.of(address, ipv6);
  }

  /** The leaves to forward that go with it. */
  public List<Grant> grants() {
    int mark = group == null ? 0 : PolicyGroup.mark(group);
    return addresses().stream().map(each -> new Grant(each, seat.slot(), mark)).toList();
  }
}

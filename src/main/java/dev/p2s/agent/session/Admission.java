package dev.p2s.agent.session;

import dev.p2s.agent.session.Refusal.Reason;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.util.Optional;
import java.util.function.Predicate;

/** The one policy point: who may connect, decided from the state and nothing else. */
public final class Admission {

  private Admission() {}

  /**
   * Decides on a new connection.
   *
   * @param sessions how many sessions the gateway has
   * @param used addresses that are taken
   */
  public static Decision decide(
      ClientCertificate credential,
      GatewayState state,
      int sessions,
      AddressPools pools,
      Predicate<TunnelAddress> used) {
    Optional<Refusal> refusal = objection(credential, state);
    if (refusal.isPresent()) {
      return new Decision.Refuse(refusal.get());
    }
    if (sessions >= state.connectionLimit()) {
      return refuse(
          Reason.GATEWAY_FULL,
          "This gateway is full: it has all "
              + state.connectionLimit()
              + " connections that its size allows. Try again later, or ask for a larger one.");
    }
    return pools
        .free(credential.own().sha256(), used)
        .<Decision>map(Decision.Admit::new)
        .orElseGet(
            () ->
                refuse(
                    Reason.ADDRESSES_USED_UP,
                    "This gateway has no free client address. Try again later, or ask for a larger"
                        + " address pool."));
  }

  /**
   * What the state holds against a credential, whether it wants to connect or is connected; empty
   * for nothing.
   */
  public static Optional<Refusal> objection(ClientCertificate credential, GatewayState state) {
    ClientCertificate.Thumbprints own = credential.own();
    String anchor = credential.anchor().sha256();
    if (state.roots().stream().noneMatch(root -> root.sha256().equals(anchor))) {
      return Optional.of(
          new Refusal(
              Reason.UNTRUSTED_ROOT,
              "Your certificate was not issued by a root certificate that this gateway trusts. Ask"
                  + " for a new VPN profile."));
    }
    boolean revoked =
        state.revokedCertificates().stream()
            .map(GatewayState.Revocation::thumbprint)
            .anyMatch(
                thumbprint -> thumbprint.equals(own.sha1()) || thumbprint.equals(own.sha256()));
    if (revoked) {
      return Optional.of(
          new Refusal(
              Reason.REVOKED, "Your certificate has been revoked. Ask for a new VPN profile."));
    }
    if (state.blockedUsers().stream().anyMatch(credential.commonName()::equalsIgnoreCase)) {
      return Optional.of(
          new Refusal(
              Reason.USER_BLOCKED, "Your access to this gateway is blocked. Ask its operator."));
    }
    return Optional.empty();
  }

  private static Decision refuse(Reason reason, String sentence) {
    return new Decision.Refuse(new Refusal(reason, sentence));
  }
}

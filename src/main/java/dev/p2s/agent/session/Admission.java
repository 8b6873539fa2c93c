package dev.p2s.agent.session;

import dev.p2s.agent.session.Refusal.Reason;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.Holding;
import dev.p2s.dataplane.SkuColumn;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The one policy point: who may connect, decided from the state and nothing else. */
public final class Admission {

  private Admission() {}

  /**
   * Decides on a new connection.
   *
   * @param lists what the roots' authorities have taken back, as far as it is known
   * @param column what the connection counts towards
   * @param sessions how many sessions of that this pod has
   * @param share what this pod may use of the gateway's connections and addresses
   * @param elsewhere whether another pod of the gateway may have room
   * @param wanted the address that somebody had last; they get it where it is free
   * @param used addresses that are taken
   */
  public static Decision decide(
      Credential credential,
      GatewayState state,
      RevocationLists lists,
      Instant now,
      SkuColumn column,
      int sessions,
      Holding share,
      boolean elsewhere,
      AddressPools pools,
      Optional<TunnelAddress> wanted,
      Predicate<TunnelAddress> used) {
    Optional<Refusal> refusal = objectionAtTheDoor(credential, state, lists, now);
    if (refusal.isPresent()) {
      return new Decision.Refuse(refusal.get());
    }
    if (sessions >= share.connections() && elsewhere) {
      return refuse(
          Reason.REPLICA_FULL,
          "This part of the gateway is full. Your client tries again; the gateway allows "
              + limit(state, column)
              + " in all.");
    }
    if (sessions >= share.connections()) {
      return refuse(
          Reason.GATEWAY_FULL,
          "This gateway is full: it has all "
              + limit(state, column)
              + " that its size allows. Try again later, or ask for a larger one.");
    }
    Predicate<TunnelAddress> taken =
        address ->
            used.test(address)
                || share.blocks().stream().noneMatch(block -> block.contains(address.address()));
    return asked(credential)
        .or(() -> wanted)
        .filter(address -> pools.poolOf(address).isPresent() && !taken.test(address))
        .or(() -> pools.free(credential.addressKey(), taken))
        .<Decision>map(Decision.Admit::new)
        .orElseGet(
            () ->
                refuse(
                    elsewhere ? Reason.REPLICA_FULL : Reason.ADDRESSES_USED_UP,
                    "This gateway has no free client address. Try again later, or ask for a larger"
                        + " address pool."));
  }

  /**
   * What is held against somebody who wants to connect: what is held against whoever is connected,
   * and that nobody can tell whether the certificate was taken back, which ends no session.
   */
  public static Optional<Refusal> objectionAtTheDoor(
      Credential credential, GatewayState state, RevocationLists lists, Instant now) {
    return objection(credential, state, lists, now)
        .or(
            () ->
                credential instanceof ClientCertificate certificate
                        && state.allRoots().stream()
                            .filter(root -> root.sha256().equals(certificate.anchor().sha256()))
                            .anyMatch(root -> lists.leaveOpen(certificate, root, now))
                    ? Optional.of(
                        new Refusal(
                            Reason.REVOCATION_UNKNOWN,
                            "This gateway has no valid list that says whether your certificate was"
                                + " revoked. Try again later, or ask its operator."))
                    : Optional.empty());
  }

  /**
   * What the state holds against a credential, whether it wants to connect or is connected; empty
   * for nothing.
   */
  public static Optional<Refusal> objection(
      Credential credential, GatewayState state, RevocationLists lists, Instant now) {
    if (!state.authentications().contains(credential.method())) {
      return Optional.of(
          new Refusal(
              Reason.METHOD_NOT_SERVED,
              "This gateway does not let people in by "
                  + credential.method()
                  + ". Ask for a new VPN profile."));
    }
    if (credential.hasEnded(now)) {
      return Optional.of(
          new Refusal(Reason.LOGIN_EXPIRED, "Your login has expired. Log in again."));
    }
    if (credential instanceof ClientCertificate certificate) {
      Optional<Refusal> refusal = objection(certificate, state, lists);
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    if (credential instanceof Person person && person.basis() != null && !stands(person, state)) {
      return Optional.of(
          new Refusal(
              Reason.LOGIN_EXPIRED, "What this gateway asks for has changed. Log in again."));
    }
    if (state.blockedUsers().stream().anyMatch(credential.user()::equalsIgnoreCase)) {
      return Optional.of(
          new Refusal(
              Reason.USER_BLOCKED, "Your access to this gateway is blocked. Ask its operator."));
    }
    return Optional.empty();
  }

  private static Optional<Refusal> objection(
      ClientCertificate certificate, GatewayState state, RevocationLists lists) {
    ClientCertificate.Thumbprints own = certificate.own();
    String anchor = certificate.anchor().sha256();
    List<GatewayState.TrustedRoot> roots =
        state.allRoots().stream().filter(root -> root.sha256().equals(anchor)).toList();
    if (roots.isEmpty()) {
      return Optional.of(
          new Refusal(
              Reason.UNTRUSTED_ROOT,
              "Your certificate was not issued by a root certificate that this gateway trusts. Ask"
                  + " for a new VPN profile."));
    }
    boolean revoked =
        roots.stream().anyMatch(root -> lists.name(certificate, root))
            || state.revokedCertificates().stream()
                .map(GatewayState.Revocation::thumbprint)
                .anyMatch(
                    thumbprint -> thumbprint.equals(own.sha1()) || thumbprint.equals(own.sha256()));
    return revoked
        ? Optional.of(
            new Refusal(
                Reason.REVOKED, "Your certificate has been revoked. Ask for a new VPN profile."))
        : Optional.empty();
  }

  private static boolean stands(Person person, GatewayState state) {
    return state.tokenIssuer() != null && person.basis().equals(state.tokenIssuer().basis());
  }

  /** The address that a login came with, as RADIUS servers send them. */
  private static Optional<TunnelAddress> asked(Credential credential) {
    return credential instanceof Person person
        ? Optional.ofNullable(person.address())
        : Optional.empty();
  }

  private static String limit(GatewayState state, SkuColumn column) {
    return column.limit(state) + (column == SkuColumn.SSTP ? " SSTP connections" : " connections");
  }

  private static Decision refuse(Reason reason, String sentence) {
    return new Decision.Refuse(new Refusal(reason, sentence));
  }
}

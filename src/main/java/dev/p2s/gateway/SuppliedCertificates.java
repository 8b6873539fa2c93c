package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.References;
import dev.p2s.dataplane.StateSecret;
import dev.p2s.pki.SuppliedServerCertificate;
import dev.p2s.status.Conditions;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The server certificates that the newest and the accepted spec name, as their Secrets have them.
 * Where the accepted one's is gone or cannot be used any more, what was used last goes on being
 * used: a renewal that failed shall end nobody's work.
 *
 * @param bySecret by the Secret's name; never printed
 */
record SuppliedCertificates(Map<String, Found> bySecret) {

  static final SuppliedCertificates NONE = new SuppliedCertificates(Map.of());

  private static final String CONDITION = "ServerCertificate";

  /**
   * @param certificate what to use, or null where there is nothing that clients would take
   * @param problem what is wrong with the Secret; empty for nothing
   */
  record Found(SuppliedServerCertificate certificate, String problem) {

    void tell(Conditions conditions) {
      if (problem.isEmpty()) {
        conditions.yes(
            CONDITION, GatewayReason.CertificateRead, "the supplied certificate is in use");
      } else {
        conditions.no(
            CONDITION,
            GatewayReason.CertificateNotUsable,
            problem + "; the one before it goes on being used");
      }
    }
  }

  /**
   * @param accepted the spec behind the state Secret; empty before the first acceptance
   * @param secrets a Secret by its name
   * @param serverName the CN that packages verify
   */
  static SuppliedCertificates read(
      P2SGatewaySpec newest,
      Optional<P2SGatewaySpec> accepted,
      Optional<Secret> state,
      Function<String, Optional<Secret>> secrets,
      String serverName,
      Instant now) {
    Map<String, Found> found = new HashMap<>();
    Stream.concat(Stream.of(newest), accepted.stream())
        .flatMap(spec -> name(spec).stream())
        .distinct()
        .forEach(name -> found.put(name, read(name, secrets.apply(name), serverName, now)));
    accepted
        .flatMap(SuppliedCertificates::name)
        .filter(name -> found.get(name).certificate() == null)
        .ifPresent(
            name ->
                kept(state)
                    .ifPresent(
                        last -> found.put(name, new Found(last, found.get(name).problem()))));
    return new SuppliedCertificates(Map.copyOf(found));
  }

  /** The Secret that a spec names. */
  static Optional<String> name(P2SGatewaySpec spec) {
    return Optional.ofNullable(spec.serverCertificate())
        .map(certificate -> certificate.secretRef())
        .map(References.ObjectRef::name);
  }

  /**
   * What a gateway's servers show; null where the operator issues it.
   *
   * @throws GatewayRefused where the Secret is missing or has nothing that clients would take
   */
  Found of(P2SGatewaySpec spec) throws GatewayRefused {
    Optional<String> name = name(spec);
    if (name.isEmpty()) {
      return null;
    }
    Found found = bySecret.getOrDefault(name.get(), missing(name.get()));
    if (found.certificate() == null) {
      throw new GatewayRefused(
          found.equals(missing(name.get()))
              ? GatewayRefusal.SecretNotFound
              : GatewayRefusal.ServerCertificateInvalid,
          "spec.serverCertificate.secretRef: " + found.problem());
    }
    return found;
  }

  private static Found read(String name, Optional<Secret> secret, String serverName, Instant now) {
    if (secret.isEmpty()) {
      return missing(name);
    }
    try {
      return new Found(
          SuppliedServerCertificate.of(
              GatewayStatePlan.text(secret.get(), "tls.crt"),
              GatewayStatePlan.text(secret.get(), "tls.key"),
              GatewayStatePlan.text(secret.get(), "ca.crt"),
              serverName,
              now),
          "");
    } catch (IllegalArgumentException e) {
      return new Found(null, "Secret " + name + " " + e.getMessage());
    }
  }

  private static Found missing(String name) {
    return new Found(
        null, "Secret " + name + " is not there; make it with tls.crt, tls.key and ca.crt");
  }

  private static Optional<SuppliedServerCertificate> kept(Optional<Secret> state) {
    return state
        .map(
            secret ->
                new SuppliedServerCertificate(
                    GatewayStatePlan.text(secret, StateSecret.SERVER_RSA_CERTIFICATE),
                    GatewayStatePlan.text(secret, StateSecret.SERVER_RSA_KEY),
                    GatewayStatePlan.text(secret, StateSecret.SERVER_CA)))
        .filter(last -> !last.chain().isEmpty());
  }

  @Override
  public String toString() {
    return "SuppliedCertificates";
  }
}

package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.P2SGateway;
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
   * @param gateway the gateway's name
   * @param order how far the one is that cert-manager is asked for
   */
  static SuppliedCertificates read(
      String gateway,
      P2SGatewaySpec newest,
      Optional<P2SGatewaySpec> accepted,
      Optional<Secret> state,
      Function<String, Optional<Secret>> secrets,
      String serverName,
      CertificateOrder order,
      Instant now) {
    Map<String, Found> found = new HashMap<>();
    Stream.concat(Stream.of(newest), accepted.stream())
        .flatMap(spec -> name(gateway, spec).stream())
        .distinct()
        .forEach(
            name ->
                found.put(
                    name,
                    read(
                        name,
                        secrets.apply(name),
                        serverName,
                        name.equals(CertificateOrder.nameFor(gateway))
                            ? order.awaited(name)
                            : missing(name),
                        now)));
    accepted
        .flatMap(spec -> name(gateway, spec))
        .filter(name -> found.get(name).certificate() == null)
        .ifPresent(
            name ->
                kept(state)
                    .ifPresent(
                        last -> found.put(name, new Found(last, found.get(name).problem()))));
    return new SuppliedCertificates(Map.copyOf(found));
  }

  /** The Secret that a spec names, or that cert-manager writes for it. */
  static Optional<String> name(String gateway, P2SGatewaySpec spec) {
    return CertificateOrder.issuer(spec).isPresent()
        ? Optional.of(CertificateOrder.nameFor(gateway))
        : Optional.ofNullable(spec.serverCertificate())
            .map(certificate -> certificate.secretRef())
            .map(References.ObjectRef::name);
  }

  /**
   * What a gateway's servers show; null where the operator issues it.
   *
   * @throws GatewayRefused where the Secret is missing or has nothing that clients would take
   */
  Found of(P2SGateway gateway) throws GatewayRefused {
    Optional<String> name = name(gateway.getMetadata().getName(), gateway.getSpec());
    if (name.isEmpty()) {
      return null;
    }
    boolean ordered = CertificateOrder.issuer(gateway.getSpec()).isPresent();
    Found found = bySecret.getOrDefault(name.get(), new Found(null, missing(name.get())));
    if (found.certificate() == null) {
      throw new GatewayRefused(
          ordered
              ? GatewayRefusal.ServerCertificateAwaited
              : found.problem().equals(missing(name.get()))
                  ? GatewayRefusal.SecretNotFound
                  : GatewayRefusal.ServerCertificateInvalid,
          "spec.serverCertificate." + (ordered ? "issuerRef: " : "secretRef: ") + found.problem());
    }
    return found;
  }

  private static Found read(
      String name, Optional<Secret> secret, String serverName, String missing, Instant now) {
    if (secret.isEmpty()) {
      return new Found(null, missing);
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

  private static String missing(String name) {
    return "Secret " + name + " is not there; make it with tls.crt, tls.key and ca.crt";
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

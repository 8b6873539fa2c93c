package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.RadiusSpec;
import dev.p2s.api.v1alpha1.RadiusSpec.PasswordProtocol;
import dev.p2s.api.v1alpha1.References.EntryRef;
import dev.p2s.dataplane.ConfiguredRadiusServer;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.StateSecret;
import dev.p2s.status.Conditions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The RADIUS servers of an accepted gateway with every default filled in.
 *
 * @param state what agents are told of them
 * @param secrets entries of the state Secret: what is shared with each, base64; never printed
 * @param warning what is wrong with a secret though it is used; empty for nothing
 */
record RadiusAccess(
    GatewayState.Radius state, Map<String, String> secrets, Optional<Warning> warning) {

  /**
   * @param reason typed
   * @param message which Secret and what to do
   */
  record Warning(GatewayReason reason, String message) {}

  private static final String CONDITION = "RadiusSecrets";
  private static final int SCORE = 30;
  private static final int PORT = 1812;
  private static final int ACCOUNTING_PORT = 1813;
  private static final int TIMEOUT_SECONDS = 30;

  /**
   * @param spec checked by {@link AuthenticationRules}
   * @param name {@code namespace/name} of the gateway
   * @throws GatewayRefused where a secret or the roots are not there
   */
  static RadiusAccess of(RadiusSpec spec, String name, RadiusSecrets shared, ReferencedTexts texts)
      throws GatewayRefused {
    List<ConfiguredRadiusServer> servers = new ArrayList<>();
    Map<String, String> secrets = new TreeMap<>();
    Optional<Warning> warning = Optional.empty();
    for (int i = 0; i < spec.servers().size(); i++) {
      RadiusSpec.Server server = spec.servers().get(i);
      EntryRef ref = server.secretRef();
      byte[] secret = shared.values().get(ref);
      if (secret == null || secret.length == 0) {
        throw new GatewayRefused(
            GatewayRefusal.SecretNotFound,
            "spec.radius.servers["
                + i
                + "].secretRef: Secret "
                + ref.name()
                + " has no entry "
                + ref.key()
                + "; create it with what the server has for this gateway");
      }
      String entry = StateSecret.radiusSecret(i);
      secrets.put(entry, Base64.getEncoder().encodeToString(secret));
      servers.add(
          new ConfiguredRadiusServer(
              server.address(),
              Objects.requireNonNullElse(server.score(), SCORE),
              Objects.requireNonNullElse(server.port(), PORT),
              Objects.requireNonNullElse(server.accountingPort(), ACCOUNTING_PORT),
              entry));
      warning = warning.or(() -> warning(ref, secret, shared));
    }
    return new RadiusAccess(
        new GatewayState.Radius(
            servers,
            Objects.requireNonNullElse(spec.timeoutSeconds(), TIMEOUT_SECONDS),
            Objects.requireNonNullElse(spec.nasIdentifier(), name),
            Objects.requireNonNullElse(spec.passwordProtocol(), PasswordProtocol.MSCHAPv2),
            Boolean.TRUE.equals(spec.accounting()),
            spec.method(),
            texts.certificates(
                "spec.radius.serverRoots", spec.serverRoots(), GatewayRefusal.RadiusInvalid)),
        secrets,
        warning);
  }

  /** Says in the status whether what is shared looks as it should. */
  void tell(Conditions conditions) {
    warning.ifPresentOrElse(
        found -> conditions.no(CONDITION, found.reason(), found.message()),
        () -> conditions.yes(CONDITION, GatewayReason.SecretsRead, "every shared secret is there"));
  }

  private static Optional<Warning> warning(EntryRef ref, byte[] secret, RadiusSecrets shared) {
    if (shared.gone().contains(ref)) {
      return Optional.of(
          new Warning(
              GatewayReason.SecretGone,
              "Secret "
                  + ref.name()
                  + " entry "
                  + ref.key()
                  + " is gone; what it held last goes on being used; restore it"));
    }
    byte last = secret[secret.length - 1];
    return last == '\n' || last == '\r'
        ? Optional.of(
            new Warning(
                GatewayReason.SecretEndsWithNewline,
                "Secret "
                    + ref.name()
                    + " entry "
                    + ref.key()
                    + " ends with a newline, which is sent as part of the secret; write it with"
                    + " printf in place of echo, or with --from-literal"))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return "RadiusAccess[" + state + "]";
  }
}

package dev.p2s.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.ServingReplica;
import dev.p2s.dataplane.Sha256;
import dev.p2s.dataplane.Share;
import dev.p2s.dataplane.SkuColumn;
import dev.p2s.dataplane.StateSecret;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The state Secret of a gateway: what its agents shall do, and the keys for it. The same input
 * gives the same bytes, whatever the order of lists that have none.
 */
final class GatewayStatePlan {

  /** The newest accepted spec, so that what runs goes on when a later edit is refused. */
  static final String ACCEPTED_SPEC = "accepted-spec.json";

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private final ResolvedGateway gateway;
  private final byte[] state;

  GatewayStatePlan(
      ResolvedGateway gateway,
      List<GatewayState.TrustedRoot> roots,
      List<GatewayState.Revocation> issuedAndRevoked,
      Map<SkuColumn, List<Share>> shares,
      List<ServingReplica> serving) {
    this.gateway = gateway;
    this.state =
        bytes(
            new GatewayState(
                GatewayState.SCHEMA,
                gateway.namespace(),
                gateway.name(),
                gateway.generation(),
                gateway.clientAddressPools(),
                gateway.routes(),
                gateway.snat(),
                gateway.dns(),
                gateway.connectionLimit(SkuColumn.IKEV2_OPENVPN),
                shares.getOrDefault(SkuColumn.IKEV2_OPENVPN, List.of()),
                List.copyOf(gateway.authenticationTypes()),
                sorted(roots, root -> root.crl() == null),
                Stream.concat(gateway.revocations().stream(), issuedAndRevoked.stream())
                    .distinct()
                    .sorted(
                        Comparator.comparing(GatewayState.Revocation::thumbprint)
                            .thenComparing(GatewayState.Revocation::name))
                    .toList(),
                gateway.blockedUsers().stream().sorted().distinct().toList(),
                gateway.tokenIssuer(),
                gateway.openVpn(),
                gateway.ikev2(),
                gateway.groups(),
                gateway.radius() == null ? null : gateway.radius().state(),
                gateway.shaped() ? gateway.sku().aggregateThroughputMbps() : null,
                gateway.sessions().longest().map(Duration::toSeconds).orElse(null),
                gateway.forced(),
                sorted(roots, root -> root.crl() != null),
                gateway.sstp() == null
                    ? null
                    : gateway.sstp().with(shares.getOrDefault(SkuColumn.SSTP, List.of())),
                shares.values().stream().allMatch(List::isEmpty) ? null : serving,
                gateway.sessions().idle().map(Duration::toSeconds).orElse(null),
                gateway.sessions().clientToClient(),
                gateway.sessions().newestOnly()));
  }

  /** SHA-256 of the state, which agents report back. */
  String hash() {
    return Sha256.hex(state);
  }

  /**
   * The Secret.
   *
   * @param acceptedSpec the spec that this state programs
   */
  Secret secret(P2SGatewaySpec acceptedSpec, GatewayKeys keys) {
    Map<String, String> data = new TreeMap<>();
    data.put(StateSecret.STATE, base64(state));
    data.put(ACCEPTED_SPEC, base64(bytes(acceptedSpec)));
    data.put(StateSecret.SERVER_CA, base64(keys.serverAuthority()));
    data.put(StateSecret.SERVER_RSA_CERTIFICATE, base64(keys.rsa().certificate()));
    data.put(StateSecret.SERVER_RSA_KEY, base64(keys.rsa().key()));
    data.put(StateSecret.SERVER_EC_CERTIFICATE, base64(keys.ec().certificate()));
    data.put(StateSecret.SERVER_EC_KEY, base64(keys.ec().key()));
    data.put(StateSecret.TLS_AUTH_KEY, base64(keys.tlsAuthKey()));
    if (!keys.passKey().isEmpty()) {
      data.put(StateSecret.PASS_KEY, base64(keys.passKey()));
    }
    if (gateway.radius() != null) {
      gateway.radius().secrets().forEach((entry, secret) -> data.put(entry, base64(secret)));
    }
    if (!gateway.clientSecret().value().isEmpty()) {
      data.put(StateSecret.OIDC_CLIENT_SECRET, base64(gateway.clientSecret().value()));
    }
    data.put(StateSecret.AGENT_CERTIFICATE, base64(keys.agent().certificate()));
    data.put(StateSecret.AGENT_KEY, base64(keys.agent().key()));
    data.put(StateSecret.CONTROL_CA, base64(keys.controlAuthority()));
    return new SecretBuilder()
        .withMetadata(GatewayPlan.metadata(gateway, StateSecret.nameFor(gateway.name())))
        .withType("Opaque")
        .withData(data)
        .build();
  }

  /** The accepted spec and its generation as an earlier state Secret holds them. */
  static P2SGatewaySpec acceptedSpec(Secret state) throws JsonProcessingException {
    return JSON.readValue(text(state, ACCEPTED_SPEC), P2SGatewaySpec.class);
  }

  static long acceptedGeneration(Secret state) throws JsonProcessingException {
    return state(state).generation();
  }

  /** The state that a Secret holds. */
  static GatewayState state(Secret secret) throws JsonProcessingException {
    return JSON.readValue(text(secret, StateSecret.STATE), GatewayState.class);
  }

  static byte[] stateBytes(Secret secret) {
    return text(secret, StateSecret.STATE).getBytes(StandardCharsets.UTF_8);
  }

  static String text(Secret secret, String key) {
    String value = secret.getData() == null ? null : secret.getData().get(key);
    return value == null
        ? ""
        : new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
  }

  static String base64(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static List<GatewayState.TrustedRoot> sorted(
      List<GatewayState.TrustedRoot> roots, Predicate<GatewayState.TrustedRoot> which) {
    return roots.stream()
        .filter(which)
        .sorted(Comparator.comparing(GatewayState.TrustedRoot::sha256))
        .toList();
  }

  private static byte[] bytes(Object value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}

package dev.p2s.gateway;

import dev.p2s.addressing.Fqdn;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.P2SGatewayStatus;
import dev.p2s.dataplane.StateSecret;
import dev.p2s.gateway.GatewayKeys.Leaf;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.OpenVpnStaticKey;
import dev.p2s.pki.Pem;
import dev.p2s.pki.ServerCertificates;
import dev.p2s.pki.Thumbprint;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A gateway's keys: adopts the kept Secrets where they exist, makes them where they don't, and
 * renews the leaves. What packages hold ({@code <gateway>-server-ca}, {@code <gateway>-tls-auth})
 * is written once and kept when the gateway is deleted, so it has no owner.
 */
final class GatewayKeyRing {

  /** Entry of the kept CA Secret that fixes the name that packages verify. */
  static final String SERVER_NAME = "server-name";

  private static final Duration AUTHORITY_VALIDITY = Duration.ofDays(20 * 365L);
  private static final Duration LEAF_VALIDITY = Duration.ofDays(397);
  private static final Duration RENEW_BEFORE = Duration.ofDays(60);
  private static final int PASS_KEY_BYTES = 32;
  private static final String AGENT_NAME = "agent.p2s.internal";
  private static final String OPERATOR_NAME = "operator.p2s.internal";

  private final KubernetesClient client;
  private final BiFunction<String, String, Optional<Secret>> cache;
  private final Clock clock;
  private final SecureRandom random;

  /**
   * @param cache Secrets that are known without asking, by namespace and name
   */
  GatewayKeyRing(
      KubernetesClient client,
      BiFunction<String, String, Optional<Secret>> cache,
      Clock clock,
      SecureRandom random) {
    this.client = client;
    this.cache = cache;
    this.clock = clock;
    this.random = random;
  }

  static String serverAuthorityName(String gateway) {
    return gateway + "-server-ca";
  }

  static String tlsAuthName(String gateway) {
    return gateway + "-tls-auth";
  }

  static String passKeyName(String gateway) {
    return gateway + "-auth-token";
  }

  static String controlName(String gateway) {
    return gateway + "-control";
  }

  /**
   * All keys of a gateway.
   *
   * @param state the state Secret as it is, whose leaves go on being used while they fit
   * @param alternativeNames every name and address that clients dial
   */
  GatewayKeys keys(ResolvedGateway gateway, Optional<Secret> state, List<String> alternativeNames) {
    Secret kept =
        adopt(
            keptMetadata(gateway, serverAuthorityName(gateway.name())),
            () -> newAuthority(gateway, "P2S server CA of " + gateway.name()));
    CertificateAuthority authority = authority(kept);
    String serverName = serverName(kept);
    Secret tlsAuth =
        adopt(
            keptMetadata(gateway, gateway.tlsAuthSecret()),
            () -> Map.of(StateSecret.TLS_AUTH_KEY, OpenVpnStaticKey.generate(random).file()));
    Secret control = control(gateway);
    GatewayKeys issued =
        issued(gateway, state, alternativeNames, authority, serverName, tlsAuth, control);
    return gateway.suppliedCertificate() == null
        ? issued
        : issued.with(gateway.suppliedCertificate().certificate());
  }

  private GatewayKeys issued(
      ResolvedGateway gateway,
      Optional<Secret> state,
      List<String> alternativeNames,
      CertificateAuthority authority,
      String serverName,
      Secret tlsAuth,
      Secret control) {
    ServerCertificates wanted =
        new ServerCertificates(serverName, alternativeNames, clock.instant().plus(RENEW_BEFORE));
    return new GatewayKeys(
        serverName,
        Pem.certificate(authority.certificate()),
        leaf(
            state,
            StateSecret.SERVER_RSA_CERTIFICATE,
            StateSecret.SERVER_RSA_KEY,
            authority,
            wanted,
            KeyKind.RSA_2048),
        leaf(
            state,
            StateSecret.SERVER_EC_CERTIFICATE,
            StateSecret.SERVER_EC_KEY,
            authority,
            wanted,
            KeyKind.EC_P256),
        whole(tlsAuth, StateSecret.TLS_AUTH_KEY, text -> OpenVpnStaticKey.parse(text).file()),
        passKey(gateway),
        GatewayStatePlan.text(control, "ca.crt"),
        new Leaf(
            GatewayStatePlan.text(control, StateSecret.AGENT_CERTIFICATE),
            GatewayStatePlan.text(control, StateSecret.AGENT_KEY)),
        new Leaf(
            GatewayStatePlan.text(control, "operator.crt"),
            GatewayStatePlan.text(control, "operator.key")));
  }

  /** What the status says of the server certificate. */
  static P2SGatewayStatus.ServerCertificate describe(GatewayKeys keys) {
    X509Certificate certificate = Pem.parseCertificate(keys.rsa().certificate());
    return new P2SGatewayStatus.ServerCertificate(
        Thumbprint.sha1(certificate).hex(), certificate.getNotAfter().toInstant().toString());
  }

  private Leaf leaf(
      Optional<Secret> state,
      String certificateEntry,
      String keyEntry,
      CertificateAuthority authority,
      ServerCertificates wanted,
      KeyKind kind) {
    Optional<Leaf> present =
        state
            .map(
                secret ->
                    new Leaf(
                        GatewayStatePlan.text(secret, certificateEntry),
                        GatewayStatePlan.text(secret, keyEntry)))
            .filter(leaf -> !leaf.certificate().isEmpty())
            .filter(leaf -> wanted.fits(Pem.parseCertificate(leaf.certificate()), authority));
    return present.orElseGet(
        () -> {
          CertificateAuthority.Leaf issued =
              authority.issueServer(
                  wanted.serverName(),
                  wanted.alternativeNames(),
                  kind,
                  LEAF_VALIDITY,
                  clock.instant(),
                  random);
          return new Leaf(Pem.certificate(issued.certificate()), Pem.key(issued.key()));
        });
  }

  // kept, so that nobody who is in has to log in again after a restored cluster
  private String passKey(ResolvedGateway gateway) {
    if (gateway.authenticationTypes().equals(Set.of(AuthenticationType.Certificate))) {
      return "";
    }
    Secret kept =
        adopt(
            keptMetadata(gateway, passKeyName(gateway.name())),
            () -> Map.of(StateSecret.PASS_KEY, newPassKey()));
    return whole(kept, StateSecret.PASS_KEY, GatewayKeyRing::checkedPassKey);
  }

  private String newPassKey() {
    byte[] key = new byte[PASS_KEY_BYTES];
    random.nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }

  private static String checkedPassKey(String text) {
    if (Base64.getMimeDecoder().decode(text).length != PASS_KEY_BYTES) {
      throw new IllegalArgumentException("is not the base64 of 32 bytes");
    }
    return text;
  }

  // of no use to packages: it goes with the gateway
  private Secret control(ResolvedGateway gateway) {
    return adopt(
        GatewayPlan.metadata(gateway, controlName(gateway.name())), () -> newControl(gateway));
  }

  private static ObjectMeta keptMetadata(ResolvedGateway gateway, String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(gateway.namespace())
        .withLabels(GatewayLabels.of(gateway.name()))
        .build();
  }

  private Secret adopt(ObjectMeta metadata, Supplier<Map<String, String>> make) {
    // one that the cache has not got may have lost its labels, or was made a moment ago
    Secret present =
        cache
            .apply(metadata.getNamespace(), metadata.getName())
            .orElseGet(
                () ->
                    client
                        .secrets()
                        .inNamespace(metadata.getNamespace())
                        .withName(metadata.getName())
                        .get());
    if (present != null) {
      return present;
    }
    Map<String, String> data = new TreeMap<>();
    make.get().forEach((entry, text) -> data.put(entry, GatewayStatePlan.base64(text)));
    return client
        .resource(
            new SecretBuilder().withMetadata(metadata).withType("Opaque").withData(data).build())
        .create();
  }

  private Map<String, String> newAuthority(ResolvedGateway gateway, String commonName) {
    CertificateAuthority made =
        CertificateAuthority.selfSigned(
            commonName, KeyKind.RSA_3072, AUTHORITY_VALIDITY, clock.instant(), random);
    String serverName =
        newServerName(gateway.fqdn().map(Object::toString), gateway.name(), gateway.namespace());
    return Map.of(
        "tls.crt",
        Pem.certificate(made.certificate()),
        "tls.key",
        Pem.key(made.key()),
        SERVER_NAME,
        serverName);
  }

  /** The name that packages will verify, where none has been fixed yet. */
  static String newServerName(P2SGateway gateway) {
    return newServerName(
        Optional.ofNullable(gateway.getSpec().fqdn()),
        gateway.getMetadata().getName(),
        gateway.getMetadata().getNamespace());
  }

  private static String newServerName(Optional<String> fqdn, String name, String namespace) {
    return fqdn.orElse(name + "." + namespace + ".p2s");
  }

  private Map<String, String> newControl(ResolvedGateway gateway) {
    CertificateAuthority authority =
        CertificateAuthority.selfSigned(
            "P2S control CA of " + gateway.name(),
            KeyKind.EC_P256,
            AUTHORITY_VALIDITY,
            clock.instant(),
            random);
    CertificateAuthority.Leaf agent =
        authority.issueServer(
            AGENT_NAME,
            List.of(AGENT_NAME),
            KeyKind.EC_P256,
            AUTHORITY_VALIDITY,
            clock.instant(),
            random);
    CertificateAuthority.Leaf operator =
        authority.issueClient(
            OPERATOR_NAME, KeyKind.EC_P256, AUTHORITY_VALIDITY, clock.instant(), random);
    return Map.of(
        "ca.crt",
        Pem.certificate(authority.certificate()),
        StateSecret.AGENT_CERTIFICATE,
        Pem.certificate(agent.certificate()),
        StateSecret.AGENT_KEY,
        Pem.key(agent.key()),
        "operator.crt",
        Pem.certificate(operator.certificate()),
        "operator.key",
        Pem.key(operator.key()));
  }

  private static CertificateAuthority authority(Secret kept) {
    X509Certificate certificate = whole(kept, "tls.crt", Pem::parseCertificate);
    return whole(
        kept, "tls.key", key -> CertificateAuthority.matching(certificate, Pem.parseKey(key)));
  }

  private static String serverName(Secret kept) {
    return whole(kept, SERVER_NAME, text -> Fqdn.parse(text).value());
  }

  // says where and never what
  private static <T> T whole(Secret secret, String entry, Function<String, T> read) {
    try {
      return read.apply(GatewayStatePlan.text(secret, entry));
    } catch (IllegalArgumentException e) {
      throw new DamagedSecretException(
          "Secret "
              + secret.getMetadata().getNamespace()
              + "/"
              + secret.getMetadata().getName()
              + " entry "
              + entry
              + " "
              + e.getMessage()
              + "; restore it: packages that were handed out depend on it");
    }
  }
}

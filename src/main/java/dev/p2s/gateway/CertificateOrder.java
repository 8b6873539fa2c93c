package dev.p2s.gateway;

import dev.p2s.addressing.Fqdn;
import dev.p2s.api.v1alpha1.GatewayPolicies.IssuerKind;
import dev.p2s.api.v1alpha1.GatewayPolicies.IssuerRef;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The server certificate that cert-manager is asked for where a gateway names one of its issuers
 * (cert-manager.io/v1, Certificate): what is wanted, and how far it is.
 *
 * @param offered whether the cluster has cert-manager
 * @param placed the Certificate as the cluster has it; empty where there is none
 * @param serverName the CN that packages verify
 */
record CertificateOrder(
    boolean offered, Optional<GenericKubernetesResource> placed, String serverName) {

  /** No gateway names an issuer. */
  static final CertificateOrder NONE = new CertificateOrder(true, Optional.empty(), "");

  static final String GROUP = "cert-manager.io";
  static final String VERSION = "v1";
  static final String API_VERSION = GROUP + "/" + VERSION;
  static final String KIND = "Certificate";

  private static final int LONGEST_MESSAGE = 500;

  /** What the Certificate is called, and the Secret that cert-manager writes for it. */
  static String nameFor(String gateway) {
    return gateway + "-server-tls";
  }

  /** The issuer that a spec names. */
  static Optional<IssuerRef> issuer(P2SGatewaySpec spec) {
    return Optional.ofNullable(spec.serverCertificate())
        .map(certificate -> certificate.issuerRef());
  }

  /** Why there is no certificate yet, for a person. */
  String awaited(String name) {
    if (!offered) {
      return "the cluster has no cert-manager (no "
          + KIND
          + " of "
          + API_VERSION
          + "); install it, or name a Secret in secretRef";
    }
    return "Certificate "
        + name
        + " is not issued yet"
        + said().map(message -> "; cert-manager says: " + message).orElse("");
  }

  /** The Certificate that the spec asks for. */
  GenericKubernetesResource wanted(P2SGateway gateway) {
    String name = nameFor(gateway.getMetadata().getName());
    IssuerRef issuer = issuer(gateway.getSpec()).orElseThrow();
    GenericKubernetesResource certificate =
        new GenericKubernetesResourceBuilder()
            .withApiVersion(API_VERSION)
            .withKind(KIND)
            .withMetadata(
                new ObjectMetaBuilder()
                    .withNamespace(gateway.getMetadata().getNamespace())
                    .withName(name)
                    .withLabels(GatewayLabels.of(gateway.getMetadata().getName()))
                    .withOwnerReferences(
                        new OwnerReferenceBuilder()
                            .withApiVersion(gateway.getApiVersion())
                            .withKind(gateway.getKind())
                            .withName(gateway.getMetadata().getName())
                            .withUid(gateway.getMetadata().getUid())
                            .withController(true)
                            .withBlockOwnerDeletion(true)
                            .build())
                    .build())
            .build();
    certificate.setAdditionalProperty(
        "spec",
        Map.of(
            "secretName",
            name,
            "commonName",
            serverName,
            "dnsNames",
            dnsNames(gateway.getSpec()),
            "usages",
            List.of("digital signature", "key encipherment", "server auth"),
            // what serves most suites, and IKEv2
            "privateKey",
            Map.of("algorithm", "RSA", "size", 2048, "rotationPolicy", "Always"),
            "issuerRef",
            Map.of(
                "group",
                GROUP,
                "kind",
                Objects.requireNonNullElse(issuer.kind(), IssuerKind.Issuer).name(),
                "name",
                issuer.name())));
    return certificate;
  }

  /** Whether the cluster has what is wanted; what others have added to it does not count. */
  boolean isPlaced(GenericKubernetesResource wanted) {
    return placed
        .map(there -> covers(there.getAdditionalProperties().get("spec"), spec(wanted)))
        .orElse(false);
  }

  private static Object spec(GenericKubernetesResource certificate) {
    return certificate.getAdditionalProperties().get("spec");
  }

  private static boolean covers(Object there, Object wanted) {
    if (there instanceof Map<?, ?> has && wanted instanceof Map<?, ?> wants) {
      return wants.entrySet().stream()
          .allMatch(entry -> covers(has.get(entry.getKey()), entry.getValue()));
    }
    return Objects.equals(there, wanted);
  }

  private List<String> dnsNames(P2SGatewaySpec spec) {
    TreeSet<String> names = new TreeSet<>(List.of(serverName));
    Optional.ofNullable(spec.fqdn()).ifPresent(names::add);
    Optional.ofNullable(spec.exposure())
        .map(P2SGatewaySpec.Exposure::address)
        .filter(CertificateOrder::isName)
        .ifPresent(names::add);
    return List.copyOf(names);
  }

  private static boolean isName(String address) {
    if (address.indexOf(':') >= 0 || address.matches("[0-9.]+")) {
      return false;
    }
    try {
      Fqdn.parse(address);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private Optional<String> said() {
    return placed
        .map(there -> there.getAdditionalProperties().get("status"))
        .filter(Map.class::isInstance)
        .map(status -> ((Map<?, ?>) status).get("conditions"))
        .filter(List.class::isInstance)
        .flatMap(
            conditions ->
                ((List<?>) conditions)
                    .stream()
                        .filter(Map.class::isInstance)
                        .map(condition -> (Map<?, ?>) condition)
                        .filter(condition -> "Ready".equals(condition.get("type")))
                        .map(condition -> Objects.toString(condition.get("message"), ""))
                        .filter(message -> !message.isEmpty())
                        .findFirst())
        .map(message -> message.substring(0, Math.min(message.length(), LONGEST_MESSAGE)));
  }
}

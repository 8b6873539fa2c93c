package dev.p2s.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.Fqdn;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.References;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.catalog.TunnelAuthentication;
import dev.p2s.crd.CrdSpecs;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Specs of gateways for properties, and what the chain makes of them in one fixed cluster. */
final class GatewaySpecs {

  static final ClusterFacts FACTS =
      new ClusterFacts(
          List.of(Cidr.parse("10.96.0.0/16")),
          List.of(Cidr.parse("10.244.0.0/16")),
          List.of("192.0.2.1"),
          List.of("10.96.0.10"),
          Optional.of(new Fqdn("cluster.local")));

  private static final String GUID = "11111111-2222-3333-4444-555555555555";
  private static final String OTHER_GUID = "99999999-2222-3333-4444-555555555555";

  /** What the CRD admits of a gateway, with texts that have a chance in the chain. */
  static final CrdSpecs CRD =
      CrdSpecs.of(
          "p2sgateways",
          Map.ofEntries(
              Map.entry(
                  "clientAddressPools[]",
                  List.of(
                      "172.31.200.0/24",
                      "172.31.200.0/25",
                      "172.31.201.0/24",
                      "172.31.202.0/24",
                      "172.31.203.0/24",
                      "172.31.204.0/24",
                      "192.168.1.0/24",
                      "10.244.7.0/24",
                      "172.31.0.0/16",
                      "172.31.200.0/30",
                      "fd00:1::/112")),
              Map.entry("routes.include[]", List.of("10.0.0.0/8", "192.0.2.0/24", "10.20.0.0/16")),
              Map.entry("routes.exclude[]", List.of("10.99.0.0/16", "10.20.1.0/24")),
              Map.entry("dns.servers[]", List.of("10.0.0.53", "10.0.0.54", "fd00::53")),
              Map.entry("dns.suffixes[]", List.of("corp.example", "a.example")),
              Map.entry("fqdn", List.of("vpn.corp.example")),
              Map.entry("exposure.address", List.of("vpn.corp.example", "192.0.2.9")),
              Map.entry("blockedUsers[].user", List.of("mallory@corp.example", "Eve")),
              Map.entry(
                  "revokedCertificates[].thumbprint",
                  List.of(
                      "83FFBFC8848B5A5836C94D0112367E16148A286F",
                      "93FFBFC8848B5A5836C94D0112367E16148A286F")),
              Map.entry("sku.name", List.of("VpnGw1AZ", "VpnGw5", "VpnGw2", "Basic", "VpnGw9")),
              Map.entry("sku.generation", List.of("Generation1", "Generation2")),
              Map.entry("entraID.tenantId", List.of(GUID, OTHER_GUID)),
              Map.entry(
                  "entraID.audience",
                  List.of(
                      "c632b3df-fb67-4d84-bdcf-b95ad541b5c8",
                      "api://vpn.corp.example",
                      "51bb15d4-3a4f-4ebf-9dca-40096fe32426")),
              Map.entry(
                  "entraID.issuer",
                  List.of(
                      "https://sts.windows.net/" + GUID + "/",
                      "https://login.microsoftonline.com/" + GUID + "/v2.0")),
              Map.entry("entraID.requiredClaims[].claim", List.of("amr", "acrs")),
              Map.entry("entraID.requiredClaims[].contains", List.of("mfa", "c1")),
              Map.entry(
                  "oidc.issuer",
                  List.of("https://id.corp.example/realms/corp", "https://id.corp.example/")),
              Map.entry("oidc.clientId", List.of("vpn", "vpn-gateway")),
              Map.entry("oidc.audience", List.of("api://vpn", "https://vpn.corp.example")),
              Map.entry(
                  "oidc.webLogin.url",
                  List.of("https://vpn.corp.example", "https://vpn.corp.example:8443")),
              Map.entry("oidc.webLogin.scopes[]", List.of("offline_access", "profile")),
              Map.entry("oidc.requiredClaims[].claim", List.of("amr", "acr")),
              Map.entry("oidc.requiredClaims[].contains", List.of("mfa", "phr")),
              Map.entry("radius.servers[].address", List.of("10.1.0.4", "10.1.0.5")),
              Map.entry("policyGroups[].name", List.of("engineers", "everyone", "guests")),
              Map.entry(
                  "policyGroups[].members[].value", List.of(GUID, "corp.example", "6ad1bd01")),
              Map.entry("policyGroups[].clientAddressPools[]", List.of("172.31.208.0/24")),
              Map.entry("policyGroups[].allow[].cidr", List.of("10.20.0.0/16")),
              Map.entry("sessions.maxDuration", List.of("12h", "90m")),
              Map.entry("sessions.idleTimeout", List.of("30m", "2h")),
              Map.entry("clientProfileDefaults.issued.duration", List.of("2160h")),
              Map.entry("clientProfileDefaults.issued.renewBefore", List.of("720h"))));

  private static final Map<String, String> BLOCKS =
      Map.of("entraID", "EntraID", "oidc", "OIDC", "radius", "RADIUS");

  private GatewaySpecs() {}

  /** A random spec; two of three have tunnel and authentication types that the seed allows. */
  static ObjectNode random(Random random) {
    ObjectNode spec = CRD.random(random);
    if (random.nextInt(3) != 0) {
      List<TunnelAuthentication> rows = TunnelAuthentication.all();
      TunnelAuthentication row =
          random.nextBoolean() ? rows.getFirst() : rows.get(random.nextInt(rows.size()));
      put(spec, "tunnelTypes", row.tunnels());
      put(spec, "authenticationTypes", row.authentications());
      if (!row.tunnels().contains(TunnelType.IKEv2)) {
        spec.remove(List.of("ipsecPolicies", "ipsecPreset"));
      }
      BLOCKS.forEach(
          (block, type) -> {
            if (!names(row.authentications()).contains(type)) {
              spec.remove(block);
            } else if (!spec.has(block)) {
              spec.set(block, CRD.block(block));
            }
          });
    }
    return spec;
  }

  /** A spec that has a text at a path, and the authentication type that makes its block count. */
  static ObjectNode with(String path, String text) {
    return with(path, CrdSpecs.YAML.getNodeFactory().textNode(text));
  }

  static ObjectNode with(String path, JsonNode value) {
    ObjectNode spec = CRD.with(path, value);
    BLOCKS.forEach(
        (block, type) -> {
          if (spec.has(block)) {
            spec.putArray("authenticationTypes").add(type);
          }
        });
    if (spec.has("policyGroups")) {
      ((ObjectNode) spec.path("policyGroups").path(0)).put("default", true);
    }
    if (path.startsWith("scaling.") && !path.endsWith("maxReplicas")) {
      // the CRD refuses what counts with an autoscaler only
      ((ObjectNode) spec.path("scaling")).put("maxReplicas", 100);
    }
    return spec;
  }

  static GatewayJudge.Outcome judged(ObjectNode spec) {
    P2SGateway gateway = gateway(spec);
    return new GatewayValidation().validate(gateway, seen(List.of(), Optional.empty(), gateway));
  }

  static P2SGateway gateway(ObjectNode spec) {
    P2SGateway gateway = new P2SGateway();
    gateway.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("vpn")
            .withName("office")
            .withUid("1")
            .withGeneration(7L)
            .build());
    try {
      gateway.setSpec(CrdSpecs.YAML.treeToValue(spec, P2SGatewaySpec.class));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(spec.toString(), e);
    }
    return gateway;
  }

  static GatewayObservation seen(List<P2SGateway> others, Optional<Secret> state) {
    return seen(FACTS, others, state, RadiusSecrets.NONE, ServiceDestinations.NONE);
  }

  static GatewayObservation seen(
      ClusterFacts facts, List<P2SGateway> others, Optional<Secret> state) {
    return seen(facts, others, state, RadiusSecrets.NONE, ServiceDestinations.NONE);
  }

  /** What is seen where every Secret that a gateway names is there. */
  static GatewayObservation seen(
      List<P2SGateway> others, Optional<Secret> state, P2SGateway gateway) {
    Map<References.EntryRef, byte[]> secrets = new HashMap<>();
    if (gateway.getSpec().radius() != null && gateway.getSpec().radius().servers() != null) {
      gateway.getSpec().radius().servers().stream()
          .filter(server -> server.secretRef() != null)
          .forEach(server -> secrets.put(server.secretRef(), new byte[] {7}));
    }
    return seen(
        FACTS, others, state, new RadiusSecrets(secrets, Set.of()), services(gateway.getSpec()));
  }

  /** One Service for each selector, at an address of the selector's own. */
  private static ServiceDestinations services(P2SGatewaySpec spec) {
    Map<LabelSelector, List<Service>> services = new HashMap<>();
    Stream.ofNullable(spec.policyGroups())
        .flatMap(List::stream)
        .flatMap(group -> Stream.ofNullable(group.allow()).flatMap(List::stream))
        .filter(allow -> allow.services() != null)
        .filter(allow -> allow.services().namespaceSelector() != null)
        .forEach(
            allow -> {
              LabelSelector selector = allow.services().namespaceSelector();
              int number = Math.floorMod(selector.toString().hashCode(), 250);
              services.put(
                  selector,
                  List.of(
                      new ServiceBuilder()
                          .withNewSpec()
                          .withClusterIP("10.96.7." + number)
                          .addNewPort()
                          .withPort(80)
                          .endPort()
                          .endSpec()
                          .build()));
            });
    return new ServiceDestinations(services);
  }

  /** What a reconciliation would have read; the one place where tests of the chain make it. */
  private static GatewayObservation seen(
      ClusterFacts facts,
      List<P2SGateway> others,
      Optional<Secret> state,
      RadiusSecrets secrets,
      ServiceDestinations services) {
    return new GatewayObservation(
        facts,
        others,
        List.of(),
        List.of(),
        ReferencedTexts.NONE,
        state,
        Optional.empty(),
        List.of(),
        ClusterNodes.UNKNOWN,
        List.of(),
        List.of(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        secrets,
        SuppliedCertificates.NONE,
        CertificateOrder.NONE,
        services);
  }

  private static void put(ObjectNode spec, String list, Set<? extends Enum<?>> values) {
    var names = spec.putArray(list);
    values.forEach(value -> names.add(value.name()));
  }

  private static Set<String> names(Set<? extends Enum<?>> values) {
    return values.stream().map(Enum::name).collect(Collectors.toSet());
  }
}

package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.ClientPlatform;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.catalog.ClientSoftware;
import dev.p2s.catalog.EntraAudience;
import dev.p2s.catalog.GatewaySku;
import dev.p2s.catalog.IkePolicy;
import dev.p2s.catalog.IpsecPolicy;
import dev.p2s.cluster.JudgedObjects.Verdict;
import dev.p2s.crd.CrdSpecs;
import dev.p2s.crd.SeedMatrix;
import dev.p2s.gateway.NotServedYet;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every row of every table, the whole power set of tunnel and authentication types, and every
 * refusal's sentence, as an API server and the installed operator judge them. What the seed allows
 * and this version does not serve is {@code NotImplemented}, of a field that {@link NotServedYet}
 * lists. Gateways rest ({@code replicas: 0}), so no pod is made. Time budget: 3 min beside the
 * installation.
 */
class SeedRowsClusterIT {

  private static final Path FOLDERS = Path.of("src/test/resources/golden/crs");
  private static final String NAMESPACE = "seed-rows";

  private static JudgedObjects judge;

  @BeforeAll
  static void install() {
    TestCluster cluster = TestCluster.shared();
    new Installation(cluster).install();
    cluster.namespace(NAMESPACE, "restricted");
    cluster
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("nps")
                .withNamespace(NAMESPACE)
                .endMetadata()
                .addToStringData("secret", "a-long-shared-secret")
                .build())
        .serverSideApply();
    judge = new JudgedObjects(cluster, NAMESPACE);
  }

  @AfterEach
  void nothingIsLeft() {
    judge.deleteAll();
  }

  @Test
  void givenThePowerSet_whenApplied_thenTheRowsAreAllowedWithTheirClientsAndNothingElseIs()
      throws Exception {
    Map<String, ObjectNode> specs = new LinkedHashMap<>();
    Map<String, Boolean> allowed = new LinkedHashMap<>();
    for (Set<TunnelType> tunnels : SeedMatrix.subsets(TunnelType.class)) {
      for (Set<AuthenticationType> types : SeedMatrix.subsets(AuthenticationType.class)) {
        specs.put(name(tunnels, types), SeedMatrix.spec(tunnels, types));
        allowed.put(name(tunnels, types), SeedMatrix.allows(tunnels, types));
      }
    }
    Map<String, Verdict> verdicts = judge.gateways(specs);
    SoftAssertions all = new SoftAssertions();
    verdicts.forEach(
        (name, verdict) -> {
          if (allowed.get(name)) {
            allowedBySeed(all, name, verdict);
          } else {
            all.assertThat(verdict.reason())
                .as("%s: %s", name, verdict)
                .isIn("TunnelAuthenticationNotOffered", JudgedObjects.NOT_ADMITTED);
          }
        });
    all.assertThat(allowed.values().stream().filter(Boolean::booleanValue)).hasSize(23);
    eachClientHasItsRow(all);
    all.assertAll();
  }

  /** A profile for every client of the tables, at a gateway of its tunnel and authentication. */
  private static void eachClientHasItsRow(SoftAssertions all) {
    Map<String, String> profiles = new LinkedHashMap<>();
    for (ClientSoftware row : ClientSoftware.all()) {
      for (TunnelType tunnel : row.tunnels()) {
        for (ClientPlatform platform : row.platforms()) {
          String gateway = name(EnumSet.of(tunnel), EnumSet.of(row.authentication()));
          profiles.put(
              gateway + "-" + platform.name().toLowerCase(Locale.ROOT),
              "{gatewayRef: {name: " + gateway + "}, clients: [" + platform + "]}");
        }
      }
    }
    judge
        .profiles(profiles)
        .forEach(
            (name, verdict) ->
                all.assertThat(verdict.reason())
                    .as("%s: %s", name, verdict)
                    .isNotIn(
                        "ClientNotSupported",
                        "AuthenticationNotOffered",
                        JudgedObjects.NOT_ADMITTED));
  }

  @Test
  void givenEverySku_whenApplied_thenItsRowIsToldAsTheSeedHasIt() {
    Map<String, ObjectNode> specs = new LinkedHashMap<>();
    for (GatewaySku row : GatewaySku.all()) {
      ObjectNode spec =
          row.isBasic()
              ? SeedMatrix.spec(
                  EnumSet.of(TunnelType.SSTP), EnumSet.of(AuthenticationType.Certificate))
              : CrdSpecs.YAML.createObjectNode();
      spec.putObject("sku").put("generation", row.generation()).put("name", row.name());
      specs.put((row.generation() + "-" + row.name()).toLowerCase(Locale.ROOT), spec);
    }
    Map<String, Verdict> verdicts = judge.gateways(specs);
    SoftAssertions all = new SoftAssertions();
    for (GatewaySku row : GatewaySku.all()) {
      String name = (row.generation() + "-" + row.name()).toLowerCase(Locale.ROOT);
      allowedBySeed(all, name, verdicts.get(name));
      if (verdicts.get(name).accepted()) {
        var told = judge.status(name);
        all.assertThat(told.skuRow().generation()).isEqualTo(row.generation());
        all.assertThat(told.skuRow().name()).isEqualTo(row.name());
        all.assertThat(told.skuRow().connections()).isEqualTo(row.maxConnections());
        all.assertThat(told.skuRow().throughputMbps()).isEqualTo(row.aggregateThroughputMbps());
        all.assertThat(told.skuRow().zoneRedundant()).isEqualTo(row.zoneRedundant());
        all.assertThat(told.policies().tls()).hasSize(12);
      }
    }
    all.assertAll();
  }

  @Test
  void givenEveryAudienceAndPolicyRow_whenApplied_thenEachIsAllowed() {
    Map<String, ObjectNode> specs = new LinkedHashMap<>();
    for (EntraAudience row : EntraAudience.all()) {
      ObjectNode spec =
          SeedMatrix.spec(EnumSet.of(TunnelType.OpenVPN), EnumSet.of(AuthenticationType.EntraID));
      ((ObjectNode) spec.path("entraID"))
          .put("cloud", row.cloud().name())
          .put("audience", row.audience());
      specs.put("audience-" + row.audience().substring(0, 8), spec);
    }
    ObjectNode own =
        SeedMatrix.spec(EnumSet.of(TunnelType.OpenVPN), EnumSet.of(AuthenticationType.EntraID));
    ((ObjectNode) own.path("entraID")).put("audience", "api://vpn.corp.example");
    specs.put("audience-own", own);
    for (int from = 0; from < IkePolicy.all().size(); from += 8) {
      ObjectNode spec =
          SeedMatrix.spec(EnumSet.of(TunnelType.IKEv2), EnumSet.of(AuthenticationType.Certificate));
      ArrayNode policies = spec.putArray("ipsecPolicies");
      IkePolicy.all().stream().skip(from).limit(8).forEach(ike -> policies.add(policy(ike)));
      specs.put("policies-" + from, spec);
    }
    SoftAssertions all = new SoftAssertions();
    judge.gateways(specs).forEach((name, verdict) -> allowedBySeed(all, name, verdict));
    all.assertAll();
  }

  /**
   * A folder has {@code cr.yaml}, {@code condition.txt} (the reason of Accepted, then what its
   * sentence contains, a line each) and, where another gateway has to be there, {@code
   * before.yaml}.
   */
  @TestFactory
  Stream<DynamicTest> eachFolderIsJudgedAsItSays() throws IOException {
    Map<String, JsonNode> objects = new LinkedHashMap<>();
    try (Stream<Path> folders = Files.list(FOLDERS)) {
      for (Path folder : folders.sorted().toList()) {
        Path before = folder.resolve("before.yaml");
        if (Files.exists(before)) {
          judge.objects(
              Map.of("before " + folder, CrdSpecs.YAML.readTree(Files.readString(before))));
        }
        objects.put(
            folder.getFileName().toString(),
            CrdSpecs.YAML.readTree(Files.readString(folder.resolve("cr.yaml"))));
      }
    }
    Map<String, Verdict> verdicts = judge.objects(objects);
    return verdicts.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(), () -> asWritten(entry.getKey(), entry.getValue())));
  }

  private static void asWritten(String folder, Verdict verdict) throws IOException {
    List<String> lines = Files.readAllLines(FOLDERS.resolve(folder).resolve("condition.txt"));
    assertThat(verdict.accepted()).as(verdict.toString()).isEqualTo(folder.startsWith("valid-"));
    assertThat(verdict.reason()).isEqualTo(lines.getFirst());
    lines.stream().skip(1).forEach(line -> assertThat(verdict.message()).contains(line));
  }

  private static void allowedBySeed(SoftAssertions all, String name, Verdict verdict) {
    if (verdict.reason().equals("NotImplemented")) {
      all.assertThat(NotServedYet.fields())
          .as("%s: %s", name, verdict)
          .anyMatch(field -> verdict.message().startsWith(field));
    } else {
      all.assertThat(verdict.accepted()).as("%s: %s", name, verdict).isTrue();
    }
  }

  /**
   * An IKE row with an IPsec row that custom policies can say; the seed's SHA1 is a default only.
   */
  private static JsonNode policy(IkePolicy ike) {
    List<IpsecPolicy> rows =
        IpsecPolicy.all().stream().filter(row -> !row.integrity().equals("SHA1")).toList();
    IpsecPolicy ipsec = rows.get(IkePolicy.all().indexOf(ike) % rows.size());
    Map<String, String> pfs =
        Map.of(
            "GROUP_NONE",
            "None",
            "GROUP_24",
            "PFS24",
            "GROUP_14",
            "PFS14",
            "GROUP_ECP384",
            "ECP384",
            "GROUP_ECP256",
            "ECP256");
    Map<String, String> dh =
        Map.of(
            "GROUP_24",
            "DHGroup24",
            "GROUP_14",
            "DHGroup14",
            "GROUP_ECP384",
            "ECP384",
            "GROUP_ECP256",
            "ECP256",
            "GROUP_2",
            "DHGroup2");
    return CrdSpecs.YAML
        .createObjectNode()
        .put("ikeEncryption", ike.cipher().replace("_", ""))
        .put("ikeIntegrity", ike.prf())
        .put("dhGroup", dh.get(ike.dhGroup()))
        .put("ipsecEncryption", ipsec.cipher().replace("_", ""))
        .put("ipsecIntegrity", ipsec.integrity().replace("_", ""))
        .put("pfsGroup", pfs.get(ipsec.pfsGroup()));
  }

  private static String name(Set<TunnelType> tunnels, Set<AuthenticationType> types) {
    return Stream.concat(tunnels.stream().map(Enum::name), types.stream().map(Enum::name))
        .map(word -> word.substring(0, Math.min(4, word.length())).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining("-"));
  }

  static ObjectNode spec(String yaml) {
    try {
      return (ObjectNode) CrdSpecs.YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(yaml, e);
    }
  }
}

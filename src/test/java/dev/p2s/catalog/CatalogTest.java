package dev.p2s.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.TunnelType;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The catalogue against the seed's own words, which stand here a second time on purpose. */
class CatalogTest {

  private static final String SEED_SKUS =
      """
      Generation1 Basic 128 0 100 No
      Generation1 VpnGw1 128 250 650 No
      Generation1 VpnGw2 128 500 1000 No
      Generation1 VpnGw3 128 1000 1250 No
      Generation1 VpnGw1AZ 128 250 650 Yes
      Generation1 VpnGw2AZ 128 500 1000 Yes
      Generation1 VpnGw3AZ 128 1000 1250 Yes
      Generation2 VpnGw2 128 500 1250 No
      Generation2 VpnGw3 128 1000 2500 No
      Generation2 VpnGw4 128 5000 5000 No
      Generation2 VpnGw5 128 10000 10000 No
      Generation2 VpnGw2AZ 128 500 1250 Yes
      Generation2 VpnGw3AZ 128 1000 2500 Yes
      Generation2 VpnGw4AZ 128 5000 5000 Yes
      Generation2 VpnGw5AZ 128 10000 10000 Yes
      """;

  @Test
  void theSkusAreTheSeeds() {
    List<String> rows =
        GatewaySku.all().stream()
            .map(
                sku ->
                    "%s %s %d %d %d %s"
                        .formatted(
                            sku.generation(),
                            sku.name(),
                            sku.maxSstpConnections(),
                            sku.maxConnections(),
                            sku.aggregateThroughputMbps(),
                            sku.zoneRedundant() ? "Yes" : "No"))
            .toList();
    assertThat(rows).isEqualTo(SEED_SKUS.lines().toList());
  }

  @Test
  void theTlsPolicyHasTheSeedsTwelveSuites() {
    assertThat(TlsCipherSuite.all())
        .hasSize(12)
        .extracting(TlsCipherSuite::name)
        .doesNotHaveDuplicates()
        .startsWith("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
        .endsWith("TLS_RSA_WITH_AES_256_CBC_SHA256");
  }

  /** The power set of tunnels and authentications, judged by the seed's sentences. */
  @TestFactory
  List<DynamicTest> everyCombinationIsAllowedOrRefusedAsTheSeedSays() {
    return subsets(List.of(TunnelType.values())).stream()
        .flatMap(
            tunnels ->
                subsets(
                        List.of(
                            AuthenticationType.Certificate,
                            AuthenticationType.EntraID,
                            AuthenticationType.RADIUS))
                    .stream()
                    .map(
                        authentications ->
                            DynamicTest.dynamicTest(
                                tunnels + " with " + authentications,
                                () ->
                                    assertThat(
                                            TunnelAuthentication.allows(tunnels, authentications))
                                        .isEqualTo(seedAllows(tunnels, authentications)))))
        .toList();
  }

  @Test
  void anOidcIssuerStandsInEntraIdsPlaceAndNeverBesideIt() {
    assertThat(
            TunnelAuthentication.allows(
                Set.of(TunnelType.OpenVPN), Set.of(AuthenticationType.OIDC)))
        .isTrue();
    assertThat(
            TunnelAuthentication.allows(
                Set.of(TunnelType.OpenVPN),
                Set.of(AuthenticationType.OIDC, AuthenticationType.EntraID)))
        .isFalse();
    assertThat(
            TunnelAuthentication.allows(Set.of(TunnelType.IKEv2), Set.of(AuthenticationType.OIDC)))
        .isFalse();
  }

  // "OpenVPN: any subset of Microsoft Entra ID, Radius Auth and Azure Certificate", "SSTP: Radius
  // Auth/ Azure Certificate", and so on: five rows
  private static boolean seedAllows(
      Set<TunnelType> tunnels, Set<AuthenticationType> authentications) {
    boolean oneOfRadiusAndCertificate =
        authentications.equals(EnumSet.of(AuthenticationType.RADIUS))
            || authentications.equals(EnumSet.of(AuthenticationType.Certificate));
    if (tunnels.equals(EnumSet.of(TunnelType.OpenVPN))) {
      return !authentications.isEmpty();
    }
    if (tunnels.equals(EnumSet.of(TunnelType.IKEv2, TunnelType.OpenVPN))) {
      return oneOfRadiusAndCertificate
          || authentications.equals(
              EnumSet.of(AuthenticationType.EntraID, AuthenticationType.RADIUS))
          || authentications.equals(
              EnumSet.of(AuthenticationType.EntraID, AuthenticationType.Certificate));
    }
    return oneOfRadiusAndCertificate
        && (tunnels.equals(EnumSet.of(TunnelType.SSTP))
            || tunnels.equals(EnumSet.of(TunnelType.IKEv2))
            || tunnels.equals(EnumSet.of(TunnelType.IKEv2, TunnelType.SSTP)));
  }

  private static <T> List<Set<T>> subsets(Collection<T> values) {
    List<T> list = List.copyOf(values);
    return IntStream.range(0, 1 << list.size())
        .mapToObj(
            mask ->
                IntStream.range(0, list.size())
                    .filter(i -> (mask >> i & 1) == 1)
                    .mapToObj(list::get)
                    .collect(Collectors.toSet()))
        .toList();
  }
}

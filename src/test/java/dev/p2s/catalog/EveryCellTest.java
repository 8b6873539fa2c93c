package dev.p2s.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.ClientPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the types say of a row is what each cell of the seed's tables says, none left out. */
class EveryCellTest {

  private static final Path TABLES = Path.of("src/test/resources/catalog");
  private static final Set<String> ANY = names(List.of(ClientPlatform.values()));

  @Test
  void givenTheSkus_whenReadBack_thenEveryFigureIsTheSeeds() throws IOException {
    assertThat(
            typed(
                GatewaySku.all(),
                sku ->
                    cells(
                        sku.generation(),
                        sku.name(),
                        sku.maxSiteToSiteTunnels(),
                        sku.maxSstpConnections(),
                        sku.maxConnections(),
                        sku.aggregateThroughputMbps(),
                        sku.bgp(),
                        sku.zoneRedundant(),
                        sku.maxVirtualMachines())))
        .isEqualTo(written("skus"));
  }

  @Test
  void givenTheCombinations_whenReadBack_thenEveryNameIsTheSeeds() throws IOException {
    assertThat(
            typed(TunnelAuthentication.all(), row -> cells(row.tunnels(), row.authentications())))
        .isEqualTo(written("tunnel-authentication"));
  }

  @Test
  void givenTheClients_whenReadBack_thenEveryNameIsTheTables() throws IOException {
    Function<ClientSoftware, List<Set<String>>> row =
        client ->
            cells(client.authentication(), client.tunnels(), client.platforms(), client.name());
    assertThat(typed(ClientSoftware.ofTheSeed(), row)).isEqualTo(written("clients"));
    assertThat(typed(ClientSoftware.all(), row))
        .isEqualTo(
            Stream.concat(written("clients").stream(), written("clients-extended").stream())
                .toList());
  }

  /** The row of one's own audience has no figures; the column "preview" is told nowhere. */
  @Test
  void givenTheAudiences_whenReadBack_thenEveryAddressIsTheTables() throws IOException {
    List<List<Set<String>>> registered =
        written("entra-audiences").stream()
            .filter(row -> !row.getFirst().equals(Set.of("Custom")))
            .map(row -> Stream.concat(row.stream().limit(5), Stream.of(row.get(6))).toList())
            .toList();
    assertThat(
            typed(
                EntraAudience.all(),
                row ->
                    cells(
                        row.registration(),
                        row.cloud(),
                        row.audience(),
                        row.authority(),
                        row.clients(),
                        row.issuerPattern())))
        .isEqualTo(registered);
  }

  @Test
  void givenThePolicies_whenReadBack_thenEveryAlgorithmIsTheSeedsInItsOrder() throws IOException {
    assertThat(
            typed(
                IkePolicy.all(),
                row -> cells(row.cipher(), row.integrity(), row.prf(), row.dhGroup())))
        .isEqualTo(written("ike-policies"));
    assertThat(
            typed(IpsecPolicy.all(), row -> cells(row.cipher(), row.integrity(), row.pfsGroup())))
        .isEqualTo(written("ipsec-policies"));
    assertThat(typed(TlsCipherSuite.all(), suite -> cells(suite.name())))
        .isEqualTo(written("tls-cipher-suites"));
  }

  private static <T> List<List<Set<String>>> typed(
      List<T> rows, Function<T, List<Set<String>>> cells) {
    return rows.stream().map(cells).toList();
  }

  private static List<Set<String>> cells(Object... values) {
    return Arrays.stream(values)
        .map(value -> value instanceof Collection<?> all ? names(all) : Set.of(value.toString()))
        .toList();
  }

  private static Set<String> names(Collection<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.toUnmodifiableSet());
  }

  /** The file's rows: each cell as the names that it joins. */
  private static List<List<Set<String>>> written(String table) throws IOException {
    return Files.readAllLines(TABLES.resolve(table + ".csv")).stream()
        .skip(1)
        .filter(line -> !line.isBlank())
        .map(line -> Arrays.stream(line.split(",", -1)).map(EveryCellTest::joined).toList())
        .toList();
  }

  private static Set<String> joined(String cell) {
    return cell.equals("any") ? ANY : Set.of(cell.split("[|+]"));
  }
}

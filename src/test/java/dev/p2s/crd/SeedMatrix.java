package dev.p2s.crd;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.TunnelType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The seed's table of tunnel and authentication types as the tests' own file has it, and the power
 * set that it is held against. Nothing here asks the code under test.
 */
public final class SeedMatrix {

  /** A Secret {@code nps} with the entry {@code secret} belongs to it. */
  private static final String RADIUS =
      "{servers: [{address: 10.1.0.4, secretRef: {name: nps, key: secret}}]}";

  private static final String ENTRA =
      "{tenantId: 11111111-2222-3333-4444-555555555555, audience:"
          + " c632b3df-fb67-4d84-bdcf-b95ad541b5c8}";
  private static final String OIDC = "{issuer: 'https://id.corp.example', clientId: vpn}";

  private static final List<String> ROWS = rows();

  private SeedMatrix() {}

  /** Every subset with an element at least. */
  public static <E extends Enum<E>> List<Set<E>> subsets(Class<E> type) {
    E[] values = type.getEnumConstants();
    return IntStream.range(1, 1 << values.length)
        .mapToObj(
            bits ->
                IntStream.range(0, values.length)
                    .filter(i -> (bits >> i & 1) == 1)
                    .mapToObj(i -> values[i])
                    .collect(Collectors.<E, Set<E>>toCollection(() -> EnumSet.noneOf(type))))
        .toList();
  }

  /** Whether the seed has a row; OIDC stands for EntraID, and both together are none. */
  public static boolean allows(Set<TunnelType> tunnels, Set<AuthenticationType> types) {
    if (types.containsAll(EnumSet.of(AuthenticationType.OIDC, AuthenticationType.EntraID))) {
      return false;
    }
    return ROWS.contains(row(joined(tunnels), joined(types).replace("OIDC", "EntraID")));
  }

  /** A spec with the types and the blocks that they need; pools are the caller's. */
  public static ObjectNode spec(Set<TunnelType> tunnels, Set<AuthenticationType> types) {
    ObjectNode spec = CrdSpecs.YAML.createObjectNode();
    ArrayNode tunnelTypes = spec.putArray("tunnelTypes");
    tunnels.forEach(tunnel -> tunnelTypes.add(tunnel.name()));
    ArrayNode authenticationTypes = spec.putArray("authenticationTypes");
    types.forEach(type -> authenticationTypes.add(type.name()));
    // no service is dialled by a name that a certificate must have before it is there
    spec.put("fqdn", "vpn.corp.example");
    try {
      for (AuthenticationType type : types) {
        switch (type) {
          case EntraID -> spec.set("entraID", CrdSpecs.YAML.readTree(ENTRA));
          case OIDC -> spec.set("oidc", CrdSpecs.YAML.readTree(OIDC));
          case RADIUS -> spec.set("radius", CrdSpecs.YAML.readTree(RADIUS));
          case Certificate -> {}
        }
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    return spec;
  }

  private static String joined(Set<? extends Enum<?>> values) {
    return values.stream().map(Enum::name).collect(Collectors.joining("+"));
  }

  private static String row(String tunnels, String types) {
    return new TreeSet<>(Arrays.asList(tunnels.split("\\+")))
        + " "
        + new TreeSet<>(Arrays.asList(types.split("\\+")));
  }

  private static List<String> rows() {
    try {
      return Files.readAllLines(Path.of("src/test/resources/catalog/tunnel-authentication.csv"))
          .stream()
          .skip(1)
          .map(line -> row(line.split(",")[0], line.split(",")[1]))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

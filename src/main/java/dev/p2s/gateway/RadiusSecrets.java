package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.RadiusSpec;
import dev.p2s.api.v1alpha1.References.EntryRef;
import dev.p2s.dataplane.StateSecret;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The secrets that a gateway shares with its RADIUS servers, as its Secrets have them. One that was
 * used and is gone goes on being used, since a deleted Secret shall end nobody's work.
 *
 * @param values by reference, never printed
 * @param gone references whose Secret or entry was there once and is not any more
 */
record RadiusSecrets(Map<EntryRef, byte[]> values, Set<EntryRef> gone) {

  static final RadiusSecrets NONE = new RadiusSecrets(Map.of(), Set.of());

  /**
   * Reads what the newest spec names and what the accepted one named.
   *
   * @param accepted the spec behind the state Secret; empty before the first acceptance
   * @param state the state Secret
   * @param secrets a Secret by its name
   */
  static RadiusSecrets read(
      P2SGatewaySpec newest,
      Optional<P2SGatewaySpec> accepted,
      Optional<Secret> state,
      Function<String, Optional<Secret>> secrets) {
    Map<EntryRef, byte[]> values = new HashMap<>();
    Set<EntryRef> gone = new HashSet<>();
    List<RadiusSpec.Server> earlier = accepted.map(RadiusSecrets::servers).orElse(List.of());
    for (int i = 0; i < earlier.size(); i++) {
      EntryRef ref = earlier.get(i).secretRef();
      String entry = StateSecret.radiusSecret(i);
      byte[] kept =
          Base64.getMimeDecoder()
              .decode(state.map(secret -> GatewayStatePlan.text(secret, entry)).orElse(""));
      if (kept.length > 0) {
        values.put(ref, kept);
        gone.add(ref);
      }
    }
    for (EntryRef ref : refs(newest, accepted)) {
      secrets
          .apply(ref.name())
          .map(Secret::getData)
          .map(data -> data.get(ref.key()))
          .map(encoded -> Base64.getMimeDecoder().decode(encoded))
          .ifPresent(
              value -> {
                values.put(ref, value);
                gone.remove(ref);
              });
    }
    return new RadiusSecrets(Map.copyOf(values), Set.copyOf(gone));
  }

  /** The Secrets that a spec names. */
  static Set<String> names(P2SGatewaySpec spec) {
    return servers(spec).stream()
        .map(RadiusSpec.Server::secretRef)
        .filter(Objects::nonNull)
        .map(EntryRef::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<EntryRef> refs(P2SGatewaySpec newest, Optional<P2SGatewaySpec> accepted) {
    return Stream.concat(
            servers(newest).stream(),
            accepted.map(RadiusSecrets::servers).stream().flatMap(List::stream))
        .map(RadiusSpec.Server::secretRef)
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }

  private static List<RadiusSpec.Server> servers(P2SGatewaySpec spec) {
    return spec.radius() == null || spec.radius().servers() == null
        ? List.of()
        : spec.radius().servers();
  }

  @Override
  public String toString() {
    return "RadiusSecrets";
  }
}

package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.OidcSpec;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.PolicyGroupSpec;
import dev.p2s.api.v1alpha1.TunnelType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What the seed allows and this version does not serve yet: refused by name, never ignored. The one
 * list of it; whoever builds a part deletes its line.
 */
public final class NotServedYet {

  /**
   * @param field the field's path
   * @param asked the value that cannot be served; empty where the spec does not ask for it
   * @param instead what a person writes until then
   */
  private record Part(String field, Function<P2SGatewaySpec, Optional<?>> asked, String instead) {}

  private static final List<Part> PARTS =
      List.of(
          new Part(
              "spec.oidc.webLogin",
              spec ->
                  // a browser may come to another pod than the client that it logs in for
                  Optional.ofNullable(spec.oidc())
                      .map(OidcSpec::webLogin)
                      .filter(login -> mayHaveSeveralPods(spec))
                      .map(OidcSpec.WebLogin::url),
              "only with scaling.replicas and scaling.maxReplicas of 1"),
          new Part(
              "spec.policyGroups[].clientAddressPools",
              spec ->
                  groups(spec)
                      .filter(group -> !written(group.clientAddressPools()).isEmpty())
                      .filter(
                          // charon gives an address before the agent knows whose certificate it is
                          group ->
                              GatewayRules.tunnels(spec).contains(TunnelType.IKEv2)
                                  && GatewayRules.authentications(spec)
                                      .contains(AuthenticationType.Certificate))
                      .map(PolicyGroupSpec::name)
                      .findFirst(),
              "leave it out with Certificate over IKEv2, or serve only one of the two"),
          new Part(
              "spec.clientToClient",
              spec ->
                  Optional.ofNullable(spec.clientToClient())
                      .filter(Boolean::booleanValue)
                      .filter(
                          // clients of one pod are not in another one's kernel
                          on -> mostReplicas(spec) > 1),
              "only with one pod: scaling.replicas and scaling.maxReplicas of 1"));

  private NotServedYet() {}

  /** Refuses the first part that this version does not serve. */
  static void check(P2SGatewaySpec spec) throws GatewayRefused {
    for (Part part : PARTS) {
      Optional<?> asked = part.asked().apply(spec);
      if (asked.isPresent()) {
        throw new GatewayRefused(
            GatewayRefusal.NotImplemented,
            part.field()
                + shown(asked.get())
                + " is not served by this version yet, "
                + part.instead());
      }
    }
  }

  /** The fields of the list, for the reference. */
  public static List<String> fields() {
    return PARTS.stream().map(Part::field).distinct().toList();
  }

  private static int mostReplicas(P2SGatewaySpec spec) {
    return spec.scaling() == null
        ? 1
        : Stream.of(spec.scaling().replicas(), spec.scaling().maxReplicas())
            .filter(Objects::nonNull)
            .mapToInt(Integer::intValue)
            .max()
            .orElse(1);
  }

  private static <T> List<T> written(List<T> list) {
    return list == null ? List.of() : list;
  }

  private static Stream<PolicyGroupSpec> groups(P2SGatewaySpec spec) {
    return written(spec.policyGroups()).stream();
  }

  private static String shown(Object value) {
    return switch (value) {
      case String text -> ": " + GatewayRules.quoted(text);
      default -> ": " + value;
    };
  }

  private static boolean mayHaveSeveralPods(P2SGatewaySpec spec) {
    return spec.scaling() != null
        && (Objects.requireNonNullElse(spec.scaling().replicas(), 1) > 1
            || Objects.requireNonNullElse(spec.scaling().maxReplicas(), 1) > 1);
  }
}

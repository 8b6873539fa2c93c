package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.PolicyGroupSpec;
import dev.p2s.api.v1alpha1.RadiusSpec;
import dev.p2s.api.v1alpha1.RoutesSpec;
import dev.p2s.api.v1alpha1.TunnelType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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

  private static final int LOGIN_SECONDS = 50;

  private static final List<Part> PARTS =
      List.of(
          new Part(
              "spec.tunnelTypes",
              spec ->
                  Optional.of(GatewayRules.tunnels(spec))
                      .filter(tunnels -> tunnels.contains(TunnelType.SSTP))
                      .map(Listed::new),
              "only [OpenVPN], [IKEv2] or [IKEv2, OpenVPN]"),
          new Part(
              "spec.radius.method",
              spec ->
                  Optional.ofNullable(spec.radius())
                      .map(RadiusSpec::method)
                      .filter(method -> method != RadiusSpec.Method.Password),
              "only Password"),
          absentOnly(
              "spec.radius.serverRoots",
              spec -> spec.radius() == null ? null : spec.radius().serverRoots()),
          new Part(
              "spec.radius.accounting",
              spec ->
                  Optional.ofNullable(spec.radius())
                      .map(RadiusSpec::accounting)
                      .filter(Boolean::booleanValue),
              "only false"),
          new Part(
              "spec.radius.timeoutSeconds",
              spec ->
                  Optional.ofNullable(spec.radius())
                      .map(RadiusSpec::timeoutSeconds)
                      .filter(seconds -> seconds > LOGIN_SECONDS),
              "only up to " + LOGIN_SECONDS + ": OpenVPN gives a login 60 seconds in all"),
          new Part(
              "spec.scaling.replicas",
              spec ->
                  Optional.ofNullable(spec.scaling())
                      .map(P2SGatewaySpec.Scaling::replicas)
                      .filter(replicas -> replicas > 1)
                      .filter(
                          // a client's UDP 500 and 4500 must reach the same pod
                          replicas -> GatewayRules.tunnels(spec).contains(TunnelType.IKEv2)),
              "only 1 (or 0, to rest) with IKEv2"),
          new Part(
              "spec.scaling.maxReplicas",
              spec ->
                  Optional.ofNullable(spec.scaling())
                      .map(P2SGatewaySpec.Scaling::maxReplicas)
                      .filter(replicas -> replicas > 1)
                      .filter(replicas -> GatewayRules.tunnels(spec).contains(TunnelType.IKEv2)),
              "only 1 with IKEv2"),
          new Part(
              "spec.clientAddressPools",
              spec ->
                  spec.clientAddressPools().stream().filter(pool -> pool.contains(":")).findFirst(),
              "only IPv4 pools"),
          new Part(
              "spec.routes.include",
              spec ->
                  Optional.ofNullable(spec.routes())
                      .map(RoutesSpec::include)
                      .flatMap(
                          routes ->
                              routes.stream().filter(route -> route.contains(":")).findFirst()),
              "only IPv4 routes"),
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
              "spec.policyGroups[].clientAddressPools",
              spec ->
                  groups(spec)
                      .flatMap(group -> written(group.clientAddressPools()).stream())
                      .filter(pool -> pool.contains(":"))
                      .findFirst(),
              "only IPv4 pools"),
          new Part(
              "spec.policyGroups[].allow[].cidr",
              spec ->
                  groups(spec)
                      .flatMap(group -> written(group.allow()).stream())
                      .map(PolicyGroupSpec.Allow::cidr)
                      .filter(cidr -> cidr != null && cidr.contains(":"))
                      .findFirst(),
              "only IPv4 ranges"),
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

  private static Part absentOnly(String field, Function<P2SGatewaySpec, Object> value) {
    return new Part(
        field, spec -> Optional.ofNullable(value.apply(spec)).map(given -> ""), "leave it out");
  }

  private static String shown(Object value) {
    return switch (value) {
      case String text when text.isEmpty() -> "";
      case String text -> ": " + GatewayRules.quoted(text);
      default -> ": " + value;
    };
  }

  private record Listed(Set<? extends Enum<?>> values) {
    @Override
    public String toString() {
      return GatewayRules.listed(values);
    }
  }
}

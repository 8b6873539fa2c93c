package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.GatewayPolicies.IpsecPreset;
import dev.p2s.api.v1alpha1.IpsecPolicySpec;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.catalog.IkePolicy;
import dev.p2s.catalog.IpsecPolicy;
import dev.p2s.dataplane.GatewayState;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Which rows IKEv2 offers: the seed's 17 and 11 in their order, those of them without SHA1 and the
 * weak groups, or custom ones in the words of Azure's {@code vpnClientIpsecPolicies}.
 */
final class Ikev2Policies {

  /** Azure's own where a policy does not say. */
  private static final int LIFETIME_SECONDS = 27_000;

  private static final int DATA_KILOBYTES = 33_553_408;

  private static final Map<String, String> CIPHERS =
      Map.of(
          "GCMAES256", "GCM_AES256",
          "GCMAES128", "GCM_AES128",
          "AES256", "AES256",
          "AES128", "AES128");
  private static final Map<IpsecPolicySpec.DhGroup, String> DH_GROUPS =
      Map.of(
          IpsecPolicySpec.DhGroup.DHGroup24, "GROUP_24",
          IpsecPolicySpec.DhGroup.ECP384, "GROUP_ECP384",
          IpsecPolicySpec.DhGroup.ECP256, "GROUP_ECP256",
          IpsecPolicySpec.DhGroup.DHGroup14, "GROUP_14",
          IpsecPolicySpec.DhGroup.DHGroup2, "GROUP_2");

  private Ikev2Policies() {}

  static GatewayState.Ikev2 of(P2SGatewaySpec spec) {
    if (spec.ipsecPolicies() != null && !spec.ipsecPolicies().isEmpty()) {
      return custom(spec.ipsecPolicies());
    }
    boolean hardened = spec.ipsecPreset() == IpsecPreset.Hardened;
    return new GatewayState.Ikev2(
        hardened ? IkePolicy.hardened() : IkePolicy.all(),
        hardened ? IpsecPolicy.hardened() : IpsecPolicy.all(),
        LIFETIME_SECONDS,
        DATA_KILOBYTES);
  }

  private static GatewayState.Ikev2 custom(List<IpsecPolicySpec> policies) {
    return new GatewayState.Ikev2(
        policies.stream().map(Ikev2Policies::ike).distinct().toList(),
        policies.stream().map(Ikev2Policies::ipsec).distinct().toList(),
        // a tunnel does not say which policy it came by: the strictest holds for all
        policies.stream()
            .mapToInt(p -> Objects.requireNonNullElse(p.saLifeTimeSeconds(), LIFETIME_SECONDS))
            .min()
            .orElse(LIFETIME_SECONDS),
        policies.stream()
            .mapToInt(p -> Objects.requireNonNullElse(p.saDataSizeKilobytes(), DATA_KILOBYTES))
            .min()
            .orElse(DATA_KILOBYTES));
  }

  private static IkePolicy ike(IpsecPolicySpec policy) {
    String cipher = CIPHERS.get(policy.ikeEncryption().name());
    String hash = policy.ikeIntegrity().name();
    return new IkePolicy(
        cipher, cipher.startsWith("GCM") ? cipher : hash, hash, DH_GROUPS.get(policy.dhGroup()));
  }

  private static IpsecPolicy ipsec(IpsecPolicySpec policy) {
    String cipher = CIPHERS.get(policy.ipsecEncryption().name());
    String group =
        switch (policy.pfsGroup()) {
          case PFS24 -> "GROUP_24";
          case ECP384 -> "GROUP_ECP384";
          case ECP256 -> "GROUP_ECP256";
          case PFS14 -> "GROUP_14";
          case PFS2 -> "GROUP_2";
          // "as in main mode": IKE's own
          case PFSMM -> DH_GROUPS.get(policy.dhGroup());
          case None -> "GROUP_NONE";
        };
    return new IpsecPolicy(
        cipher, cipher.startsWith("GCM") ? cipher : policy.ipsecIntegrity().name(), group);
  }
}

package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.EntraIdSpec;
import dev.p2s.api.v1alpha1.IpsecPolicySpec;
import dev.p2s.api.v1alpha1.IpsecPolicySpec.DhGroup;
import dev.p2s.api.v1alpha1.IpsecPolicySpec.PfsGroup;
import dev.p2s.api.v1alpha1.OidcSpec;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.catalog.EntraAudience;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The rules on what each authentication type and IKEv2 need beside their name. */
final class AuthenticationRules {

  private static final Pattern GUID =
      Pattern.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");

  // an application id URI has no spaces, quotes or brackets
  private static final Pattern APPLICATION_URI =
      Pattern.compile("[a-z][a-z0-9+.-]*:[A-Za-z0-9._~:/?#@!$&*+,;=%-]+");

  private static final String WEAK = " is weak and served for old clients only; prefer ";

  private AuthenticationRules() {}

  static void check(
      P2SGatewaySpec spec, Set<TunnelType> tunnels, Set<AuthenticationType> authentications)
      throws GatewayRefused {
    if (needed("entraID", spec.entraID(), AuthenticationType.EntraID, authentications)) {
      entra(spec.entraID());
    }
    if (needed("oidc", spec.oidc(), AuthenticationType.OIDC, authentications)) {
      oidc(spec.oidc());
    }
    if (needed("radius", spec.radius(), AuthenticationType.RADIUS, authentications)) {
      RadiusRules.check(spec.radius(), tunnels, authentications);
    }
    ipsec(spec, tunnels);
  }

  static boolean isGuid(String text) {
    return GUID.matcher(text).matches();
  }

  private static boolean needed(
      String block, Object given, AuthenticationType type, Set<AuthenticationType> authentications)
      throws GatewayRefused {
    boolean wanted = authentications.contains(type);
    if (wanted && given == null) {
      throw new GatewayRefused(
          switch (type) {
            case EntraID -> GatewayRefusal.EntraIdInvalid;
            case OIDC -> GatewayRefusal.OidcInvalid;
            default -> GatewayRefusal.RadiusInvalid;
          },
          "spec." + block + " is missing; " + type + " in spec.authenticationTypes needs it");
    }
    if (!wanted && given != null) {
      throw new GatewayRefused(
          GatewayRefusal.WithoutEffect,
          "spec."
              + block
              + " has no effect without "
              + type
              + " in spec.authenticationTypes; add it there or leave it out");
    }
    return wanted;
  }

  private static void entra(EntraIdSpec entra) throws GatewayRefused {
    if (entra.tenantId() == null || !GUID.matcher(entra.tenantId()).matches()) {
      throw new GatewayRefused(
          GatewayRefusal.EntraIdInvalid,
          "spec.entraID.tenantId must be the tenant's GUID, such as"
              + " 11111111-2222-3333-4444-555555555555");
    }
    EntraIdSpec.Cloud cloud =
        Objects.requireNonNullElse(entra.cloud(), EntraIdSpec.Cloud.AzurePublic);
    audience(entra.audience(), cloud);
    if (entra.issuer() != null) {
      issuer(entra.issuer(), cloud, entra.tenantId().toLowerCase(Locale.ROOT));
    }
  }

  private static void audience(String audience, EntraIdSpec.Cloud cloud) throws GatewayRefused {
    if (audience == null
        || !(GUID.matcher(audience).matches() || APPLICATION_URI.matcher(audience).matches())) {
      throw new GatewayRefused(
          GatewayRefusal.EntraIdInvalid,
          "spec.entraID.audience: "
              + GatewayRules.quoted(Objects.requireNonNullElse(audience, ""))
              + " must be an application's GUID or its application id URI; a gateway supports"
              + " exactly one");
    }
    Optional<EntraAudience> row = EntraAudience.registered(audience);
    if (row.isPresent() && row.get().cloud() != cloud) {
      throw new GatewayRefused(
          GatewayRefusal.EntraIdInvalid,
          "spec.entraID.audience: "
              + audience
              + " is that of "
              + row.get().cloud()
              + ", not of "
              + cloud
              + "; write cloud: "
              + row.get().cloud()
              + ", or one of "
              + EntraAudience.all().stream()
                  .filter(other -> other.cloud() == cloud)
                  .map(EntraAudience::audience)
                  .collect(Collectors.joining(", ")));
    }
  }

  // an issuer is compared to the letter: a wrong one would refuse everybody
  private static void issuer(String issuer, EntraIdSpec.Cloud cloud, String tenant)
      throws GatewayRefused {
    EntraAudience row = EntraAudience.of(cloud);
    String v1 = row.v1Issuer(tenant);
    String v2 = row.v2Issuer(tenant);
    if (issuer.equals(v1) || issuer.equals(v2)) {
      return;
    }
    String problem =
        v1.equals(issuer + "/")
            ? " lacks its trailing slash, so that every token would be refused; write " + v1
            : " is no issuer of this tenant in "
                + cloud
                + "; leave it out, or write "
                + v1
                + " (v1 tokens) or "
                + v2
                + " (v2 tokens)";
    throw new GatewayRefused(
        GatewayRefusal.EntraIdInvalid,
        "spec.entraID.issuer: " + GatewayRules.quoted(issuer) + problem);
  }

  private static void oidc(OidcSpec oidc) throws GatewayRefused {
    if (oidc.clientId() == null || oidc.clientId().isBlank()) {
      throw new GatewayRefused(GatewayRefusal.OidcInvalid, "spec.oidc.clientId is missing");
    }
    try {
      URI issuer = URI.create(Objects.requireNonNullElse(oidc.issuer(), ""));
      if ("https".equals(issuer.getScheme()) && issuer.getHost() != null) {
        return;
      }
    } catch (IllegalArgumentException e) {
      // refused below, in our words
    }
    throw new GatewayRefused(
        GatewayRefusal.OidcInvalid,
        "spec.oidc.issuer: "
            + GatewayRules.quoted(Objects.requireNonNullElse(oidc.issuer(), ""))
            + " must be an https URL, such as https://id.corp.example/realms/corp");
  }

  private static void ipsec(P2SGatewaySpec spec, Set<TunnelType> tunnels) throws GatewayRefused {
    boolean custom = spec.ipsecPolicies() != null && !spec.ipsecPolicies().isEmpty();
    if (!tunnels.contains(TunnelType.IKEv2) && (custom || spec.ipsecPreset() != null)) {
      throw new GatewayRefused(
          GatewayRefusal.WithoutEffect,
          (custom ? "spec.ipsecPolicies" : "spec.ipsecPreset")
              + " has no effect without IKEv2 in spec.tunnelTypes; leave it out");
    }
    if (custom && spec.ipsecPreset() != null) {
      throw new GatewayRefused(
          GatewayRefusal.IpsecPolicyInvalid,
          "spec.ipsecPreset: name either ipsecPolicies or ipsecPreset");
    }
    if (custom) {
      for (int i = 0; i < spec.ipsecPolicies().size(); i++) {
        gcmGoesWithItself("spec.ipsecPolicies[" + i + "]", spec.ipsecPolicies().get(i));
      }
    }
  }

  /** Sentences on key exchanges that are allowed and weak; no refusal. */
  static List<String> weakGroups(P2SGatewaySpec spec) {
    List<IpsecPolicySpec> policies =
        spec.ipsecPolicies() == null ? List.of() : spec.ipsecPolicies();
    List<String> warnings = new ArrayList<>();
    for (int i = 0; i < policies.size(); i++) {
      String field = "spec.ipsecPolicies[" + i + "]";
      DhGroup dh = policies.get(i).dhGroup();
      if (dh == DhGroup.DHGroup2 || dh == DhGroup.DHGroup24) {
        warnings.add(field + ".dhGroup: " + dh + WEAK + "ECP384, ECP256 or DHGroup14");
      }
      PfsGroup pfs = policies.get(i).pfsGroup();
      if (pfs == PfsGroup.PFS2 || pfs == PfsGroup.PFS24) {
        warnings.add(field + ".pfsGroup: " + pfs + WEAK + "ECP384, ECP256 or PFS14");
      }
    }
    return warnings;
  }

  // an authenticated cipher brings its own integrity (the seed's rows: GCM_AES256 with GCM_AES256)
  private static void gcmGoesWithItself(String field, IpsecPolicySpec policy)
      throws GatewayRefused {
    String cipher = String.valueOf(policy.ipsecEncryption());
    String integrity = String.valueOf(policy.ipsecIntegrity());
    boolean gcm = cipher.startsWith("GCM") || integrity.startsWith("GCM");
    if (gcm && !cipher.equals(integrity)) {
      throw new GatewayRefused(
          GatewayRefusal.IpsecPolicyInvalid,
          field
              + ".ipsecIntegrity: "
              + integrity
              + " does not go with ipsecEncryption "
              + cipher
              + "; with a GCM cipher write the same for both, with AES256 or AES128 write SHA256");
    }
  }
}

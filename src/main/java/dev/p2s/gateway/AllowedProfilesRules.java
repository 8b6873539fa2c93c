package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.List;
import java.util.Objects;

/** The rules on {@code allowedProfiles}: Kubernetes' own on label selectors. */
final class AllowedProfilesRules {

  private static final String FIELD = "spec.allowedProfiles.namespaces.selector.matchExpressions";

  private AllowedProfilesRules() {}

  static void check(P2SGatewaySpec spec) throws GatewayRefused {
    if (spec.allowedProfiles() == null
        || spec.allowedProfiles().namespaces() == null
        || spec.allowedProfiles().namespaces().selector() == null) {
      return;
    }
    LabelSelector selector = spec.allowedProfiles().namespaces().selector();
    for (LabelSelectorRequirement rule :
        Objects.requireNonNullElse(
            selector.getMatchExpressions(), List.<LabelSelectorRequirement>of())) {
      boolean values = rule.getValues() != null && !rule.getValues().isEmpty();
      switch (Objects.requireNonNullElse(rule.getOperator(), "")) {
        case "In", "NotIn" -> {
          if (!values) {
            throw refused(rule, " needs values");
          }
        }
        case "Exists", "DoesNotExist" -> {
          if (values) {
            throw refused(rule, " takes no values; write In or NotIn, or leave them out");
          }
        }
        default -> throw refused(rule, " is none of In, NotIn, Exists, DoesNotExist");
      }
    }
  }

  private static GatewayRefused refused(LabelSelectorRequirement rule, String rest) {
    return new GatewayRefused(
        GatewayRefusal.AllowedProfilesInvalid,
        FIELD
            + ": operator "
            + GatewayRules.quoted(Objects.requireNonNullElse(rule.getOperator(), ""))
            + " of key "
            + GatewayRules.quoted(Objects.requireNonNullElse(rule.getKey(), ""))
            + rest);
  }
}

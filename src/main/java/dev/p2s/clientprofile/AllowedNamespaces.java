package dev.p2s.clientprofile;

import dev.p2s.api.v1alpha1.GatewayPolicies.ProfileNamespaces;
import dev.p2s.api.v1alpha1.P2SGateway;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.Map;
import java.util.Objects;

/**
 * Whose ClientProfiles a gateway takes: those of its own namespace, and of those that its {@code
 * allowedProfiles} name. A selector means what it means everywhere in Kubernetes; one that nobody
 * can read selects nothing.
 */
final class AllowedNamespaces {

  private AllowedNamespaces() {}

  /**
   * @param namespace the profile's
   * @param labels that namespace's
   */
  static boolean allow(P2SGateway gateway, String namespace, Map<String, String> labels) {
    if (namespace.equals(gateway.getMetadata().getNamespace())) {
      return true;
    }
    var allowed = gateway.getSpec().allowedProfiles();
    if (allowed == null || allowed.namespaces() == null) {
      return false;
    }
    ProfileNamespaces namespaces = allowed.namespaces();
    return switch (namespaces.from()) {
      case All -> true;
      case Selector -> namespaces.selector() != null && matches(namespaces.selector(), labels);
      case Same -> false;
      case null -> false;
    };
  }

  private static boolean matches(LabelSelector selector, Map<String, String> labels) {
    Map<String, String> equal = Objects.requireNonNullElse(selector.getMatchLabels(), Map.of());
    return labels.entrySet().containsAll(equal.entrySet())
        && selector.getMatchExpressions().stream().allMatch(rule -> matches(rule, labels));
  }

  private static boolean matches(LabelSelectorRequirement rule, Map<String, String> labels) {
    String value = labels.get(rule.getKey());
    return switch (Objects.requireNonNullElse(rule.getOperator(), "")) {
      case "In" -> value != null && rule.getValues().contains(value);
      case "NotIn" -> value == null || !rule.getValues().contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      default -> false;
    };
  }
}

package dev.p2s.agent.session;

import dev.p2s.api.v1alpha1.PolicyGroupSpec.MemberType;
import dev.p2s.dataplane.PolicyGroup;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which policy group somebody belongs to: of those that recognise the credential the one with the
 * lowest priority number, else the default group (seed's companion, user groups).
 */
public final class GroupChoice {

  /** A login that was renewed tells of groups whose people have other addresses. */
  public static final Refusal OTHER_GROUP =
      new Refusal(
          Refusal.Reason.NOT_READY,
          "You belong to another group of this gateway now. Your client dials again.");

  private GroupChoice() {}

  /**
   * @param groups of the gateway, in any order
   * @return empty where the gateway has no groups
   */
  public static Optional<PolicyGroup> of(Credential credential, List<PolicyGroup> groups) {
    List<PolicyGroup> byPriority =
        groups.stream().sorted((a, b) -> Integer.compare(a.priority(), b.priority())).toList();
    return byPriority.stream()
        .filter(group -> group.members().stream().anyMatch(each -> fits(each, credential)))
        .findFirst()
        .or(() -> byPriority.stream().filter(PolicyGroup::isDefault).findFirst());
  }

  private static boolean fits(PolicyGroup.Selector selector, Credential credential) {
    return switch (credential) {
      case ClientCertificate certificate ->
          selector.type() == MemberType.CertificateGroupId
              && domain(certificate.commonName()).equals(selector.value());
      case Person person ->
          switch (person.method()) {
            case RADIUS ->
                selector.type() == MemberType.RadiusAzureGroupId
                    && holds(person.groups(), selector.value());
            // a GUID is the same in any case, another issuer's group is a name
            case EntraID ->
                selector.type() == MemberType.AADGroupId
                    && holds(person.groups(), selector.value());
            case OIDC ->
                selector.type() == MemberType.AADGroupId
                    && person.groups().contains(selector.value());
            case Certificate -> false;
          };
    };
  }

  private static boolean holds(List<String> told, String value) {
    return told.stream().anyMatch(value::equalsIgnoreCase);
  }

  /** What follows the last {@code @} of a common name, in lower case; empty where none does. */
  private static String domain(String commonName) {
    int at = commonName.lastIndexOf('@');
    return at < 0 ? "" : commonName.substring(at + 1).toLowerCase(Locale.ROOT);
  }
}

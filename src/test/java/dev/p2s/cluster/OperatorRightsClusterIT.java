package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.RoleRef;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the operator may as the chart ships it; docs/design/privileges.md tells it. Time budget: 90
 * s beside the start of the cluster.
 */
class OperatorRightsClusterIT {

  private static final String SERVED = "served";
  private static final String FOREIGN = "foreign";

  private static TestCluster cluster;
  private static Installation installation;
  private static Rights operator;

  @BeforeAll
  static void install() {
    cluster = TestCluster.shared();
    installation = new Installation(cluster).install();
    cluster.namespace(SERVED, "privileged");
    cluster.namespace(FOREIGN, "privileged");
    operator = new Rights(cluster.client(), Installation.NAMESPACE, Installation.RELEASE);
  }

  @AfterAll
  static void asItWas() {
    cluster.kubectl("delete", "namespace", SERVED, FOREIGN, "--timeout=180s");
    installation.helmUpgrade();
  }

  @Test
  void givenTheChart_whenItsRulesAreRead_thenNoneHoldsAWildcardOrAWayToMore() {
    List<PolicyRule> rules = rules(cluster.client());
    assertThat(rules).isNotEmpty();
    assertThat(rules)
        .allSatisfy(
            rule -> {
              assertThat(rule.getVerbs())
                  .doesNotContain("*", "escalate", "bind", "impersonate", "deletecollection");
              assertThat(rule.getResources()).doesNotContain("*", "pods/exec", "secrets/*");
              assertThat(rule.getApiGroups()).doesNotContain("*");
            });
  }

  @Test
  void givenTheChart_whenItsRightsOnSecretsAreJudged_thenItDeletesNone() {
    assertThat(operator.may("patch", "", "secrets", SERVED, "")).isTrue();
    assertThat(operator.may("delete", "", "secrets", SERVED, "")).isFalse();
    assertThat(operator.may("create", "", "pods", SERVED, "")).isFalse();
    assertThat(operator.may("patch", "", "pods", SERVED, "")).isFalse();
    assertThat(operator.may("create", "", "namespaces", "", "")).isFalse();
  }

  @Test
  void givenNamespacesThatItServes_whenOthersAreJudged_thenItHasNoRightThereAndServesTheOne() {
    installation.helmUpgrade("--set", "watchNamespaces={" + SERVED + "}");

    assertThat(operator.may("get", "", "secrets", SERVED, "")).isTrue();
    for (String elsewhere : List.of(FOREIGN, "kube-system", Installation.NAMESPACE, "")) {
      assertThat(operator.may("get", "", "secrets", elsewhere, "")).as(elsewhere).isFalse();
      assertThat(operator.may("list", "", "pods", elsewhere, "")).as(elsewhere).isFalse();
      assertThat(operator.may("create", "apps", "statefulsets", elsewhere, ""))
          .as(elsewhere)
          .isFalse();
    }

    installation.applyText(gateway(SERVED));
    installation.applyText(gateway(FOREIGN).replace("31446", "31447").replace(".222.", ".223."));
    installation.awaitReady(SERVED, "gw");
    assertThat(installation.gateway(FOREIGN, "gw").getStatus()).isNull();
  }

  private static String gateway(String namespace) {
    return """
    apiVersion: p2s.dev/v1alpha1
    kind: P2SGateway
    metadata: {name: gw, namespace: %s}
    spec:
      clientAddressPools: [172.31.222.0/24]
      exposure: {type: NodePort, nodePort: 31446}
    """
        .formatted(namespace);
  }

  /** Of every role that is bound to the operator's account, wherever. */
  private static List<PolicyRule> rules(KubernetesClient client) {
    Stream<PolicyRule> everywhere =
        client.rbac().clusterRoleBindings().list().getItems().stream()
            .filter(binding -> isBound(binding.getSubjects()))
            .flatMap(binding -> rules(client, binding.getRoleRef(), ""));
    Stream<PolicyRule> somewhere =
        client.rbac().roleBindings().inAnyNamespace().list().getItems().stream()
            .filter(binding -> isBound(binding.getSubjects()))
            .flatMap(
                binding ->
                    rules(client, binding.getRoleRef(), binding.getMetadata().getNamespace()));
    return Stream.concat(everywhere, somewhere).toList();
  }

  private static Stream<PolicyRule> rules(KubernetesClient client, RoleRef role, String namespace) {
    return (role.getKind().equals("ClusterRole")
            ? client.rbac().clusterRoles().withName(role.getName()).require().getRules()
            : client
                .rbac()
                .roles()
                .inNamespace(namespace)
                .withName(role.getName())
                .require()
                .getRules())
        .stream();
  }

  private static boolean isBound(List<Subject> subjects) {
    return subjects != null
        && subjects.stream()
            .anyMatch(
                subject ->
                    Installation.RELEASE.equals(subject.getName())
                        && Installation.NAMESPACE.equals(subject.getNamespace()));
  }
}

package dev.p2s.cluster;

import io.fabric8.kubernetes.api.model.authorization.v1.ResourceRule;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.List;

/** What an account of the cluster may do, as its API server judges and as the account finds it. */
final class Rights {

  private final KubernetesClient admin;
  private final String namespace;
  private final String account;

  /**
   * @param namespace the service account's
   */
  Rights(KubernetesClient admin, String namespace, String account) {
    this.admin = admin;
    this.namespace = namespace;
    this.account = account;
  }

  /** Whether it may do something; {@code name} empty stands for every object of the kind. */
  boolean may(String verb, String group, String resource, String where, String name) {
    return admin
        .resource(
            new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser("system:serviceaccount:" + namespace + ":" + account)
                .withGroups(
                    "system:serviceaccounts",
                    "system:serviceaccounts:" + namespace,
                    "system:authenticated")
                .withNewResourceAttributes()
                .withVerb(verb)
                .withGroup(group)
                .withResource(resource)
                .withNamespace(where)
                .withName(name)
                .endResourceAttributes()
                .endSpec()
                .build())
        .create()
        .getStatus()
        .getAllowed();
  }

  /** A client that is that account and nobody else, by a token that it was given. */
  static KubernetesClient clientWith(KubernetesClient admin, String token) {
    Config known = admin.getConfiguration();
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(Config.empty())
                .withMasterUrl(known.getMasterUrl())
                .withCaCertData(known.getCaCertData())
                .withOauthToken(token)
                .build())
        .build();
  }

  /** Every rule that holds for a client in a namespace, beside what everybody may ask of itself. */
  static List<ResourceRule> rulesOf(KubernetesClient client, String where) {
    return client
        .resource(
            new SelfSubjectRulesReviewBuilder()
                .withNewSpec()
                .withNamespace(where)
                .endSpec()
                .build())
        .create()
        .getStatus()
        .getResourceRules()
        .stream()
        .filter(
            rule ->
                !rule.getApiGroups().stream()
                    .allMatch(
                        group ->
                            group.equals("authorization.k8s.io")
                                || group.equals("authentication.k8s.io")))
        .toList();
  }
}

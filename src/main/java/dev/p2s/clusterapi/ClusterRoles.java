package dev.p2s.clusterapi;

import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** The cluster's own judgement, asked anew for each request. */
final class ClusterRoles implements AccessReview {

  private final KubernetesClient client;

  ClusterRoles(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public boolean allows(FrontProxy.Caller caller, ApiCall call) {
    SubjectAccessReview question =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(caller.user())
            .withUid(caller.uid())
            .withGroups(caller.groups())
            .withExtra(caller.extra())
            .withNewResourceAttributes()
            .withVerb(call.verb().word())
            .withGroup(call.group())
            .withVersion(call.version())
            .withResource(call.resource())
            .withNamespace(call.namespace())
            .withName(call.name())
            .endResourceAttributes()
            .endSpec()
            .build();
    try {
      SubjectAccessReview judged = client.resource(question).create();
      return judged.getStatus() != null && Boolean.TRUE.equals(judged.getStatus().getAllowed());
    } catch (KubernetesClientException e) {
      throw ApiFailure.unavailable("the cluster does not say what you may do: " + e.getMessage());
    }
  }
}

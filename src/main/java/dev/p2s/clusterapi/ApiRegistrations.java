package dev.p2s.clusterapi;

import io.fabric8.kubernetes.api.model.APIService;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * The APIService objects that the chart makes; the operator fills in the CA that it serves with.
 */
final class ApiRegistrations {

  private final KubernetesClient client;
  private final List<String> names;

  ApiRegistrations(KubernetesClient client, List<AggregatedGroup> groups) {
    this.client = client;
    this.names = groups.stream().map(group -> group.version() + "." + group.group()).toList();
  }

  /**
   * Makes the API server trust a CA.
   *
   * @return whether every APIService is there and has it
   */
  boolean trust(String authorityPem) {
    String bundle =
        Base64.getEncoder().encodeToString(authorityPem.getBytes(StandardCharsets.UTF_8));
    boolean all = true;
    for (String name : names) {
      APIService present = client.apiServices().withName(name).get();
      if (present == null) {
        all = false;
      } else if (!bundle.equals(present.getSpec().getCaBundle())) {
        client
            .apiServices()
            .withName(name)
            .patch(
                new PatchContext.Builder().withPatchType(PatchType.JSON_MERGE).build(),
                "{\"spec\":{\"caBundle\":\"" + bundle + "\"}}");
      }
    }
    return all;
  }
}

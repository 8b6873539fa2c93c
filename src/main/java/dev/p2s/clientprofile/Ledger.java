package dev.p2s.clientprofile;

import dev.p2s.clientprofile.IssuedCertificates.Issued;
import dev.p2s.gateway.GatewayLabels;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes to the ledgers of a gateway's roots. A merge patch touches the named entries only. */
final class Ledger {

  private final KubernetesClient client;
  private final Clock clock;

  Ledger(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Records a certificate before anybody is handed it; drops entries that have ended. */
  void record(String namespace, String gateway, String root, Issued issued) {
    Optional<Secret> present = find(namespace, root);
    if (present.isEmpty()) {
      create(namespace, gateway, root);
    }
    Map<String, String> changes = new LinkedHashMap<>();
    changes.put(issued.sha256(), IssuedCertificates.encoded(issued));
    present.ifPresent(
        secret ->
            IssuedCertificates.of(secret)
                .matching(old -> old.hasEnded(clock.instant()))
                .forEach(old -> changes.put(old.sha256(), null)));
    patch(namespace, IssuedCertificates.nameFor(root), changes);
  }

  /**
   * Takes back (or, with an empty reason, gives again) what was issued for a profile.
   *
   * @param from the reason that entries have now
   * @param to the reason that they shall have; never changes an entry with another reason
   */
  void move(
      String namespace,
      String gateway,
      String profileNamespace,
      String profile,
      String from,
      String to) {
    for (Secret secret : ledgers(namespace, gateway)) {
      Map<String, String> changes = new LinkedHashMap<>();
      IssuedCertificates.of(secret)
          .matching(
              issued ->
                  issued.belongsTo(profileNamespace, profile)
                      && issued.revoked().equals(from)
                      && !issued.hasEnded(clock.instant()))
          .forEach(
              issued ->
                  changes.put(issued.sha256(), IssuedCertificates.encoded(issued.revoke(to))));
      if (!changes.isEmpty()) {
        patch(namespace, secret.getMetadata().getName(), changes);
      }
    }
  }

  private List<Secret> ledgers(String namespace, String gateway) {
    return client
        .secrets()
        .inNamespace(namespace)
        .withLabel(GatewayLabels.GATEWAY, gateway)
        .withLabel(IssuedCertificates.ISSUED_BY)
        .list()
        .getItems();
  }

  private Optional<Secret> find(String namespace, String root) {
    return Optional.ofNullable(
        client.secrets().inNamespace(namespace).withName(IssuedCertificates.nameFor(root)).get());
  }

  private void create(String namespace, String gateway, String root) {
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName(IssuedCertificates.nameFor(root))
            .withNamespace(namespace)
            .withLabels(GatewayLabels.of(gateway))
            .addToLabels(IssuedCertificates.ISSUED_BY, root)
            .endMetadata()
            .withType("Opaque")
            .build();
    try {
      client.resource(secret).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }

  private void patch(String namespace, String name, Map<String, String> changes) {
    client
        .secrets()
        .inNamespace(namespace)
        .withName(name)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            client.getKubernetesSerialization().asJson(Map.of("data", changes)));
  }
}

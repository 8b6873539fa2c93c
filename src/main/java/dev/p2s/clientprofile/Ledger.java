package dev.p2s.clientprofile;

import dev.p2s.api.v1alpha1.ClientProfile;
import dev.p2s.clientprofile.IssuedCertificates.Issued;
import dev.p2s.clientprofile.IssuedCertificates.TakenBack;
import dev.p2s.gateway.GatewayLabels;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Writes to the ledgers of a gateway's roots, which lie in the gateway's namespace. A merge patch
 * touches the named entries only. Read from the API server and not from an informer: what was
 * written a moment ago counts. A gateway's profiles share what was read in the last two seconds, as
 * long as nothing has been written since and nothing is to be, so that an operator that starts asks
 * once for many.
 */
final class Ledger {

  private static final Duration SHARED = Duration.ofSeconds(2);

  /** A ledger with its entries, which are parsed once for all profiles of the gateway. */
  private record Kept(String name, IssuedCertificates entries) {}

  private record Read(List<Kept> ledgers, Instant at) {}

  private final KubernetesClient client;
  private final Clock clock;
  private final Map<ResourceID, Read> reads = new ConcurrentHashMap<>();
  private final AtomicLong writes = new AtomicLong();

  Ledger(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** What was issued for a profile and has not ended, in all ledgers of its gateway. */
  List<Issued> of(ResourceID gateway, ClientProfile profile) {
    return ledgers(gateway).stream()
        .flatMap(ledger -> lasting(ledger, profile, issued -> true).stream())
        .toList();
  }

  /** Records a certificate before anybody is handed it; drops entries that have ended. */
  void record(ResourceID gateway, String root, Issued issued) {
    String name = IssuedCertificates.nameFor(root);
    Optional<Secret> present = find(gateway, name);
    if (present.isEmpty()) {
      create(gateway, root);
    }
    Map<String, String> changes = new LinkedHashMap<>();
    present.ifPresent(
        secret ->
            IssuedCertificates.of(secret)
                .matching(old -> old.hasEnded(clock.instant()))
                .forEach(old -> changes.put(old.sha256(), null)));
    if (present.filter(secret -> holds(secret, issued)).isEmpty()) {
      changes.put(issued.sha256(), IssuedCertificates.encoded(issued));
    }
    // a restored Secret may have lost the labels by which it is found
    patch(
        gateway,
        name,
        Map.of("metadata", Map.of("labels", labels(gateway, root)), "data", changes));
  }

  /**
   * Takes back what was issued for a profile and fits; what is taken back already stays as it is.
   */
  void takeBack(ResourceID gateway, ClientProfile profile, TakenBack why, Predicate<Issued> which) {
    change(
        gateway,
        profile,
        issued -> issued.reason().isEmpty() && which.test(issued),
        Optional.of(why));
  }

  /** The profile is deleted: nothing that was issued for it is ever admitted again. */
  void close(ResourceID gateway, ClientProfile profile) {
    change(
        gateway,
        profile,
        issued -> issued.reason().filter(TakenBack::forGood).isEmpty(),
        Optional.of(TakenBack.Deleted));
  }

  /** Gives back what was taken for a time. */
  void giveBack(ResourceID gateway, ClientProfile profile) {
    change(
        gateway,
        profile,
        issued -> issued.reason().filter(why -> !why.forGood()).isPresent(),
        Optional.empty());
  }

  private void change(
      ResourceID gateway,
      ClientProfile profile,
      Predicate<Issued> which,
      Optional<TakenBack> reason) {
    if (changes(ledgers(gateway), profile, which, reason).isEmpty()) {
      return;
    }
    changes(read(gateway), profile, which, reason)
        .forEach((ledger, entries) -> patch(gateway, ledger, Map.of("data", entries)));
  }

  /** What to write to each ledger, by its name. */
  private Map<String, Map<String, String>> changes(
      List<Kept> ledgers,
      ClientProfile profile,
      Predicate<Issued> which,
      Optional<TakenBack> reason) {
    Map<String, Map<String, String>> changes = new LinkedHashMap<>();
    for (Kept ledger : ledgers) {
      for (Issued issued : lasting(ledger, profile, which)) {
        changes
            .computeIfAbsent(ledger.name(), name -> new LinkedHashMap<>())
            .put(issued.sha256(), IssuedCertificates.encoded(issued.because(reason)));
      }
    }
    return changes;
  }

  /** Whether it is there already, perhaps taken back: that stays. */
  private static boolean holds(Secret ledger, Issued issued) {
    return !IssuedCertificates.of(ledger)
        .matching(
            known ->
                known.sha256().equals(issued.sha256())
                    && known.namespace().equals(issued.namespace())
                    && known.profile().equals(issued.profile()))
        .isEmpty();
  }

  private List<Issued> lasting(Kept ledger, ClientProfile profile, Predicate<Issued> which) {
    return ledger
        .entries()
        .matching(
            issued ->
                issued.belongsTo(
                        profile.getMetadata().getNamespace(), profile.getMetadata().getName())
                    && !issued.hasEnded(clock.instant())
                    && which.test(issued));
  }

  private List<Kept> ledgers(ResourceID gateway) {
    Instant oldest = clock.instant().minus(SHARED);
    Read known = reads.get(gateway);
    return known != null && known.at().isAfter(oldest) ? known.ledgers() : read(gateway);
  }

  private List<Kept> read(ResourceID gateway) {
    Instant now = clock.instant();
    long before = writes.get();
    List<Kept> found =
        client
            .secrets()
            .inNamespace(gateway.getNamespace().orElseThrow())
            .withLabel(GatewayLabels.GATEWAY, gateway.getName())
            .withLabel(IssuedCertificates.ISSUED_BY)
            .list()
            .getItems()
            .stream()
            .map(secret -> new Kept(secret.getMetadata().getName(), IssuedCertificates.of(secret)))
            .toList();
    reads.values().removeIf(read -> !read.at().isAfter(now.minus(SHARED)));
    if (writes.get() == before) {
      reads.put(gateway, new Read(found, now));
    }
    return found;
  }

  private void written(ResourceID gateway) {
    writes.incrementAndGet();
    reads.remove(gateway);
  }

  private Optional<Secret> find(ResourceID gateway, String name) {
    return Optional.ofNullable(
        client.secrets().inNamespace(gateway.getNamespace().orElseThrow()).withName(name).get());
  }

  private void create(ResourceID gateway, String root) {
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName(IssuedCertificates.nameFor(root))
            .withNamespace(gateway.getNamespace().orElseThrow())
            .withLabels(labels(gateway, root))
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

  private static Map<String, String> labels(ResourceID gateway, String root) {
    Map<String, String> labels = new LinkedHashMap<>(GatewayLabels.of(gateway.getName()));
    labels.put(IssuedCertificates.ISSUED_BY, root);
    return labels;
  }

  private void patch(ResourceID gateway, String name, Map<String, ?> changes) {
    client
        .secrets()
        .inNamespace(gateway.getNamespace().orElseThrow())
        .withName(name)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            client.getKubernetesSerialization().asJson(changes));
    written(gateway);
  }
}

package dev.p2s.apply;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.SSABasedGenericKubernetesResourceMatcher;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.SecondaryToPrimaryMapper;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.net.HttpURLConnection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The objects that a controller makes: one label-selected informer a kind, read from its cache and
 * written by server-side apply only where what is there differs from what is wanted.
 *
 * @param <P> the kind that the controller reconciles
 */
public final class OwnedResources<P extends HasMetadata> {

  /** Objects to ask the API server for at once: a thousand packages are 40 MB of JSON. */
  private static final long PAGE = 250;

  private final KubernetesClient client;
  private final Class<P> primary;
  private final String labelSelector;
  private final Map<Class<? extends HasMetadata>, InformerEventSource<?, P>> sources =
      new LinkedHashMap<>();

  /**
   * @param labelSelector which objects are cached: all that the operator makes
   */
  public OwnedResources(KubernetesClient client, Class<P> primary, String labelSelector) {
    this.client = client;
    this.primary = primary;
    this.labelSelector = labelSelector;
  }

  /** Makes the informer of a kind; to be called once, before anything is read. */
  public <R extends HasMetadata> OwnedResources<P> watch(
      Class<R> kind, EventSourceContext<P> context, SecondaryToPrimaryMapper<R> toPrimary) {
    sources.put(
        kind,
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(kind, primary)
                .withName("owned-" + kind.getSimpleName())
                .withLabelSelector(labelSelector)
                .withInformerListLimit(PAGE)
                .withComparableResourceVersion(false)
                .withSecondaryToPrimaryMapper(toPrimary)
                .build(),
            context));
    return this;
  }

  /** The event sources to register with the controller. */
  public List<EventSource<?, P>> eventSources() {
    return List.copyOf(sources.values());
  }

  /** An object as the informer knows it; never to be changed. */
  public <R extends HasMetadata> Optional<R> get(Class<R> kind, String namespace, String name) {
    return source(kind).get(new ResourceID(name, namespace));
  }

  /** All objects of a kind in a namespace with a label. */
  public <R extends HasMetadata> Stream<R> labelled(
      Class<R> kind, String namespace, String label, String value) {
    return source(kind)
        .list(
            namespace,
            object ->
                object.getMetadata().getLabels() != null
                    && value.equals(object.getMetadata().getLabels().get(label)));
  }

  /**
   * Writes an object where it differs from what the cluster has.
   *
   * @return whether it was written
   */
  public <R extends HasMetadata> boolean apply(R desired, Context<P> context) {
    return write(desired, null, context);
  }

  /**
   * Writes an object where it differs from what the cluster has, and only over that one version of
   * it that it was made from.
   *
   * @param seen what it was made from; empty where there was none
   * @return false where the cluster has a newer version, so that it has to be made anew
   */
  public <R extends HasMetadata> boolean applyOver(
      Optional<R> seen, R desired, Context<P> context) {
    try {
      write(desired, seen.map(s -> s.getMetadata().getResourceVersion()).orElse(null), context);
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  /** Deletes an object of the primary's where the cluster has it. */
  public void delete(HasMetadata obsolete) {
    delete(
        obsolete.getClass(),
        obsolete.getMetadata().getNamespace(),
        obsolete.getMetadata().getName());
  }

  /** Deletes an object of the primary's where the cluster has it. */
  public void delete(Class<? extends HasMetadata> kind, String namespace, String name) {
    get(kind, namespace, name)
        .filter(actual -> actual.getMetadata().getDeletionTimestamp() == null)
        .ifPresent(actual -> client.resource(actual).delete());
  }

  @SuppressWarnings("unchecked")
  private <R extends HasMetadata> boolean write(R desired, String version, Context<P> context) {
    Class<R> kind = (Class<R>) desired.getClass();
    Optional<R> actual =
        get(kind, desired.getMetadata().getNamespace(), desired.getMetadata().getName());
    SSABasedGenericKubernetesResourceMatcher<R> matcher =
        SSABasedGenericKubernetesResourceMatcher.getInstance();
    if (actual.isPresent()
        && (SameSecret.is(
                actual.get(), desired, context.getControllerConfiguration().fieldManager())
            || matcher.matches(actual.get(), desired, context))) {
      return false;
    }
    desired.getMetadata().setResourceVersion(version);
    client
        .resource(desired)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(context.getControllerConfiguration().fieldManager())
                .withForce(true)
                .build());
    return true;
  }

  @SuppressWarnings("unchecked")
  private <R extends HasMetadata> InformerEventSource<R, P> source(Class<R> kind) {
    InformerEventSource<?, P> source = sources.get(kind);
    if (source == null) {
      throw new IllegalStateException("no informer for " + kind.getSimpleName());
    }
    return (InformerEventSource<R, P>) source;
  }
}

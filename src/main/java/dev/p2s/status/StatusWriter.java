package dev.p2s.status;

import dev.p2s.observability.ConditionEvents;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The one way in which a status is written: not at all where it says so already, else by
 * server-side apply of a fresh object, with an event for each condition that turned.
 *
 * <p>The reconciler's object comes from a cache that may not have seen its last write yet. A status
 * that turns and turns back at once would then look as if it stood there already, and nothing would
 * wake the reconciler again: a change of the status alone is no event. So what was written counts
 * until the cache says the same.
 *
 * @param <P> the kind
 * @param <S> its status
 */
public final class StatusWriter<P extends CustomResource<?, S>, S> {

  private final Supplier<P> fresh;
  private final Function<S, List<Condition>> conditions;
  private final ConditionEvents events;
  private final Unseen<S> unseen = new Unseen<>();

  /**
   * @param fresh makes an empty object of the kind
   * @param conditions finds the conditions in a status
   */
  public StatusWriter(
      Supplier<P> fresh, Function<S, List<Condition>> conditions, ConditionEvents events) {
    this.fresh = fresh;
    this.conditions = conditions;
    this.events = events;
  }

  /** What the reconciler has to answer for this status. */
  public UpdateControl<P> write(P resource, S status) {
    String uid = resource.getMetadata().getUid();
    S cached = resource.getStatus();
    S before = unseen.orSeen(uid, cached);
    if (status.equals(cached) && status.equals(before)) {
      return UpdateControl.noUpdate();
    }
    unseen.written(uid, status);
    events.turned(
        resource, before == null ? null : conditions.apply(before), conditions.apply(status));
    P update = fresh.get();
    update.setMetadata(
        new ObjectMetaBuilder()
            .withName(resource.getMetadata().getName())
            .withNamespace(resource.getMetadata().getNamespace())
            .build());
    update.setStatus(status);
    return UpdateControl.patchStatus(update);
  }
}

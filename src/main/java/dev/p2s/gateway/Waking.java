package dev.p2s.gateway;

import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.function.Consumer;

/**
 * Wakes a gateway's reconciler whatever happens to an object that the gateway names.
 *
 * @param changed told of the gateway
 */
record Waking<T>(Consumer<ResourceID> changed, ResourceID gateway)
    implements ResourceEventHandler<T> {

  @Override
  public void onAdd(T added) {
    changed.accept(gateway);
  }

  @Override
  public void onUpdate(T before, T now) {
    changed.accept(gateway);
  }

  @Override
  public void onDelete(T gone, boolean stateUnknown) {
    changed.accept(gateway);
  }
}

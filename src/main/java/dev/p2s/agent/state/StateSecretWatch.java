package dev.p2s.agent.state;

import dev.p2s.dataplane.StateSecret;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Watches the one Secret that the agent may read, by its name. While the API server is away it goes
 * on trying; a Secret that is deleted changes nothing, since the pod then goes too.
 */
public final class StateSecretWatch implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(StateSecretWatch.class);

  private final SharedIndexInformer<Secret> informer;

  public StateSecretWatch(
      KubernetesClient client,
      String namespace,
      String gateway,
      Consumer<Map<String, String>> onEntries) {
    this.informer =
        client
            .secrets()
            .inNamespace(namespace)
            .withName(StateSecret.nameFor(gateway))
            .runnableInformer(0);
    informer.addEventHandler(
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(Secret secret) {
            onEntries.accept(decoded(secret));
          }

          @Override
          public void onUpdate(Secret before, Secret now) {
            onEntries.accept(decoded(now));
          }

          @Override
          public void onDelete(Secret secret, boolean stateUnknown) {
            LOG.warnf("the Secret %s is gone; going on with the last state", name(secret));
          }
        });
    informer.exceptionHandler(
        (started, problem) -> {
          LOG.warnf("the state Secret cannot be watched, trying again: %s", problem.getMessage());
          return true;
        });
  }

  public void start() {
    informer.start();
  }

  @Override
  public void close() {
    informer.stop();
  }

  private static String name(Secret secret) {
    return secret.getMetadata().getName();
  }

  private static Map<String, String> decoded(Secret secret) {
    TreeMap<String, String> entries = new TreeMap<>();
    if (secret.getData() != null) {
      secret
          .getData()
          .forEach(
              (key, value) ->
                  entries.put(
                      key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
    }
    return entries;
  }
}

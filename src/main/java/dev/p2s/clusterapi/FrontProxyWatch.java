package dev.p2s.clusterapi;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Follows what the cluster says of its front proxy, whose CA may be replaced at any time. */
final class FrontProxyWatch implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(FrontProxyWatch.class);

  private final SharedIndexInformer<ConfigMap> informer;

  /**
   * @param changed given the front proxy at first and on every change
   */
  FrontProxyWatch(KubernetesClient client, Consumer<FrontProxy> changed) {
    informer =
        client
            .configMaps()
            .inNamespace("kube-system")
            .withName("extension-apiserver-authentication")
            .runnableInformer(0);
    informer.exceptionHandler((started, problem) -> true);
    informer.addEventHandler(
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(ConfigMap added) {
            read(added, changed);
          }

          @Override
          public void onUpdate(ConfigMap before, ConfigMap now) {
            read(now, changed);
          }

          @Override
          public void onDelete(ConfigMap gone, boolean unknown) {
            LOG.warn("the cluster's front proxy is gone; its last CA is trusted on");
          }
        });
  }

  void start() {
    var unused = informer.start();
  }

  @Override
  public void close() {
    informer.stop();
  }

  private static void read(ConfigMap map, Consumer<FrontProxy> changed) {
    try {
      changed.accept(FrontProxy.of(map.getData()));
    } catch (IllegalArgumentException e) {
      LOG.errorf("kube-system/extension-apiserver-authentication %s", e.getMessage());
    }
  }
}

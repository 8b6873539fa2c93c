package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.P2SGateway;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Optional;

/** Reads and writes the Certificates that cert-manager is asked for. */
final class CertificateOrders {

  private static final ResourceDefinitionContext CERTIFICATES =
      new ResourceDefinitionContext.Builder()
          .withGroup(CertificateOrder.GROUP)
          .withVersion(CertificateOrder.VERSION)
          .withKind(CertificateOrder.KIND)
          .withPlural("certificates")
          .withNamespaced(true)
          .build();

  private final KubernetesClient client;

  CertificateOrders(KubernetesClient client) {
    this.client = client;
  }

  /** How far a gateway's certificate is; asks nobody where its spec names no issuer. */
  CertificateOrder read(P2SGateway gateway, String serverName) {
    if (CertificateOrder.issuer(gateway.getSpec()).isEmpty()) {
      return CertificateOrder.NONE;
    }
    boolean offered = client.supports(CertificateOrder.API_VERSION, CertificateOrder.KIND);
    return new CertificateOrder(
        offered, offered ? Optional.ofNullable(of(gateway).get()) : Optional.empty(), serverName);
  }

  /**
   * Asks for what the newest spec wants as soon as nothing else is wrong with it, and takes back
   * what an earlier one had asked for.
   */
  void follow(P2SGateway gateway, GatewayObservation seen, GatewayStatusFactory.Judgement judged) {
    CertificateOrder order = seen.certificateOrder();
    boolean asks = CertificateOrder.issuer(gateway.getSpec()).isPresent();
    if (asks && order.offered()) {
      if (judged.accepted() || judged.reason() == GatewayRefusal.ServerCertificateAwaited) {
        GenericKubernetesResource wanted = order.wanted(gateway);
        if (!order.isPlaced(wanted)) {
          client
              .genericKubernetesResources(CERTIFICATES)
              .inNamespace(gateway.getMetadata().getNamespace())
              .resource(wanted)
              .forceConflicts()
              .serverSideApply();
        }
      }
    } else if (!asks
        && judged.accepted()
        && seen.acceptedSpec().flatMap(CertificateOrder::issuer).isPresent()) {
      of(gateway).delete();
    }
  }

  private Resource<GenericKubernetesResource> of(P2SGateway gateway) {
    return client
        .genericKubernetesResources(CERTIFICATES)
        .inNamespace(gateway.getMetadata().getNamespace())
        .withName(CertificateOrder.nameFor(gateway.getMetadata().getName()));
  }
}

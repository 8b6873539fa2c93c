package dev.p2s.cluster;

/** Manifests of a gateway with a root of its own, and of people that it knows: carol, or others. */
final class CarolsGateway {

  static final String PERSON = "carol";

  private CarolsGateway() {}

  /**
   * @param name the gateway's; its root is {@code <name>-root}
   * @param spec the gateway's, as YAML
   */
  static String manifests(String namespace, String name, String spec) {
    return gateway(namespace, name, spec) + person(namespace, name, PERSON);
  }

  /** The gateway and its root alone. */
  static String gateway(String namespace, String name, String spec) {
    return """
        apiVersion: p2s.dev/v1alpha1
        kind: P2SGateway
        metadata: {name: %2$s, namespace: %1$s}
        spec:
        %3$s
        ---
        apiVersion: p2s.dev/v1alpha1
        kind: RootCertificate
        metadata: {name: %2$s-root, namespace: %1$s}
        spec: {gatewayRef: {name: %2$s}, selfSigned: {commonName: VPN root of %2$s}}
        """
        .formatted(namespace, name, spec.indent(2).stripTrailing());
  }

  /** Somebody with a certificate of the gateway's root, to follow what stands before. */
  static String person(String namespace, String gateway, String person) {
    return """
        ---
        apiVersion: p2s.dev/v1alpha1
        kind: ClientProfile
        metadata: {name: %3$s, namespace: %1$s}
        spec:
          gatewayRef: {name: %2$s}
          user: %3$s@example.com
          certificate: {issued: {rootRef: {name: %2$s-root}}}
        """
        .formatted(namespace, gateway, person);
  }
}

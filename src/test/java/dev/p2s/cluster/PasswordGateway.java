package dev.p2s.cluster;

/**
 * A gateway of the shared cluster, in a namespace of its own, whose people log in with passwords at
 * one real FreeRADIUS server.
 */
record PasswordGateway(
    TestCluster cluster, Installation installation, RadiusMachine server, String namespace)
    implements AutoCloseable {

  private static final String OBJECTS =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: radius, namespace: %1$s}
      stringData: {shared: "%2$s"}
      ---
      apiVersion: p2s.dev/v1alpha1
      kind: P2SGateway
      metadata: {name: %3$s, namespace: %1$s}
      spec:
        clientAddressPools: [172.31.%4$d.0/24]
        exposure: {type: NodePort, nodePort: 31%4$d}
        authenticationTypes: [RADIUS]
        scaling: {replicas: %7$d}
        radius:
          passwordProtocol: PAP
          timeoutSeconds: %6$d
          accounting: true
          servers: [{address: %5$s, secretRef: {name: radius, key: shared}}]
      ---
      apiVersion: p2s.dev/v1alpha1
      kind: ClientProfile
      metadata: {name: people, namespace: %1$s}
      spec: {gatewayRef: {name: %3$s}}
      """;

  /**
   * Makes it and waits until it serves.
   *
   * @param number three digits, of its pool and its node port; another for each gateway
   * @param timeoutSeconds how long a login may take
   * @param replicas how many pods it has
   */
  static PasswordGateway open(
      String namespace, String name, int number, int timeoutSeconds, int replicas) {
    TestCluster cluster = TestCluster.shared();
    Installation installation = new Installation(cluster).install();
    cluster.namespace(namespace, "privileged");
    RadiusMachine server = new RadiusMachine();
    installation.applyText(
        OBJECTS.formatted(
            namespace,
            RadiusMachine.SECRET,
            name,
            number,
            server.address(),
            timeoutSeconds,
            replicas));
    installation.awaitReady(namespace, name);
    return new PasswordGateway(cluster, installation, server, namespace);
  }

  /** What its people dial with. */
  String ovpn() {
    return installation.ovpn(namespace, "people");
  }

  @Override
  public void close() {
    server.close();
    cluster.kubectl("delete", "namespace", namespace, "--wait=false");
  }
}

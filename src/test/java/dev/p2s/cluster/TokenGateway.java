package dev.p2s.cluster;

import dev.p2s.api.v1alpha1.P2SGateway;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

/**
 * A gateway that takes certificates and an identity provider's access tokens, and how it is used.
 */
final class TokenGateway {

  static final String NAMESPACE = "tokens";
  static final String GATEWAY = "gw";

  private final TestCluster cluster;
  private final Installation installation;

  TokenGateway(TestCluster cluster, Installation installation) {
    this.cluster = cluster;
    this.installation = installation;
  }

  /** Makes it, with a certificate for Frank, and waits until it serves. */
  void make(IdentityProvider provider) {
    cluster.namespace(NAMESPACE, "privileged");
    cluster.kubectl(
        "create",
        "configmap",
        "corp-ca",
        "-n",
        NAMESPACE,
        "--from-literal=ca.crt=" + provider.roots());
    installation.applyText(
        """
        apiVersion: p2s.dev/v1alpha1
        kind: P2SGateway
        metadata: {name: gw, namespace: tokens}
        spec:
          clientAddressPools: [172.31.230.0/24]
          exposure: {type: NodePort, nodePort: 31446}
          authenticationTypes: [Certificate, OIDC]
          oidc:
            issuer: %s
            clientId: vpn
            requiredClaims: [{claim: typ, contains: Bearer}]
            serverRoots: {configMapRef: {name: corp-ca, key: ca.crt}}
        ---
        apiVersion: p2s.dev/v1alpha1
        kind: RootCertificate
        metadata: {name: root, namespace: tokens}
        spec: {gatewayRef: {name: gw}, selfSigned: {}}
        ---
        apiVersion: p2s.dev/v1alpha1
        kind: ClientProfile
        metadata: {name: frank, namespace: tokens}
        spec: {gatewayRef: {name: gw}, authenticationType: Certificate}
        """
            .formatted(provider.issuer(IdentityProvider.CORP)));
    installation.awaitReady(NAMESPACE, GATEWAY);
  }

  void reachesTheWorkload(VpnClient client) {
    String echo =
        cluster
            .client()
            .pods()
            .inNamespace(Office.NAMESPACE)
            .withLabel("app", "echo")
            .list()
            .getItems()
            .getFirst()
            .getStatus()
            .getPodIP();
    client.run("ping", "-c", "2", "-W", "2", echo);
  }

  String audit() {
    return cluster.kubectl("logs", "-n", NAMESPACE, "gw-0", "-c", "agent", "--tail=-1")
        + cluster
            .tool("kubectl", "logs", "-n", NAMESPACE, "gw-0", "-c", "agent", "--previous")
            .output();
  }

  void patch(String json) {
    cluster
        .client()
        .resources(P2SGateway.class)
        .inNamespace(NAMESPACE)
        .withName(GATEWAY)
        .patch(PatchContext.of(PatchType.JSON_MERGE), json);
  }
}

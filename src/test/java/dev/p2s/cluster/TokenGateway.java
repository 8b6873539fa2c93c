package dev.p2s.cluster;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.P2SGateway;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A gateway that takes certificates and an identity provider's access tokens, and how it is used.
 */
final class TokenGateway {

  static final String NAMESPACE = "tokens";
  static final String GATEWAY = "gw";
  static final String POD = GATEWAY + "-0";

  private final TestCluster cluster;
  private final Installation installation;
  private String oidc = "null";

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
    oidc =
        """
        {"issuer": "%s", "clientId": "vpn",
         "requiredClaims": [{"claim": "typ", "contains": "Bearer"}],
         "serverRoots": {"configMapRef": {"name": "corp-ca", "key": "ca.crt"}}}"""
            .formatted(provider.issuer(IdentityProvider.CORP));
    installation.applyText(
        """
        apiVersion: p2s.dev/v1alpha1
        kind: P2SGateway
        metadata: {name: gw, namespace: tokens}
        spec:
          clientAddressPools: [172.31.230.0/24]
          exposure: {type: NodePort, nodePort: 31446}
          authenticationTypes: [Certificate, OIDC]
          oidc: %s
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
        ---
        apiVersion: p2s.dev/v1alpha1
        kind: ClientProfile
        metadata: {name: people, namespace: tokens}
        spec: {gatewayRef: {name: gw}, authenticationType: OIDC}
        """
            .formatted(oidc.replace("\n", "")));
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
    return cluster.kubectl("logs", "-n", NAMESPACE, POD, "-c", "agent", "--tail=-1")
        + cluster
            .tool("kubectl", "logs", "-n", NAMESPACE, POD, "-c", "agent", "--previous")
            .output();
  }

  /** Ends the agent as a crash would, and waits until another one answers. */
  void crashAgent() {
    int restarts = agent().getRestartCount();
    cluster.onNode(NodeTasks.kill(agent().getContainerID()));
    Office.await(
        "the agent to be started anew",
        () -> agent().getRestartCount() > restarts && agent().getReady());
  }

  private ContainerStatus agent() {
    return cluster
        .client()
        .pods()
        .inNamespace(NAMESPACE)
        .withName(POD)
        .get()
        .getStatus()
        .getContainerStatuses()
        .stream()
        .filter(container -> container.getName().equals("agent"))
        .findFirst()
        .orElseThrow();
  }

  /** Puts the RADIUS servers' secret where the spec may name it. */
  void nameRadiusSecret() {
    cluster.kubectl(
        "create",
        "secret",
        "generic",
        "radius",
        "-n",
        NAMESPACE,
        "--from-literal=shared=" + RadiusMachine.SECRET);
  }

  /** Lets people in these ways and in no other, once that is programmed. */
  void letIn(Set<AuthenticationType> ways, RadiusMachine radius) {
    String servers =
        """
        {"passwordProtocol": "PAP", "timeoutSeconds": 5,
         "servers": [{"address": "%s", "secretRef": {"name": "radius", "key": "shared"}}]}"""
            .formatted(radius.address());
    patch(
        """
        {"spec": {"authenticationTypes": [%s], "radius": %s, "oidc": %s}}
        """
            .formatted(
                ways.stream().map(way -> '"' + way.name() + '"').collect(Collectors.joining(",")),
                ways.contains(AuthenticationType.RADIUS) ? servers : "null",
                ways.contains(AuthenticationType.OIDC) ? oidc : "null"));
    installation.awaitProgrammed(NAMESPACE, GATEWAY);
  }

  /** What the status says of the identity provider. */
  Condition issuerReachable() {
    return installation.gateway(NAMESPACE, GATEWAY).getStatus().conditions().stream()
        .filter(condition -> condition.getType().equals("IssuerReachable"))
        .findFirst()
        .orElseThrow();
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

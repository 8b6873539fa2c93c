package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.RootCertificate;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * How the operator treats edits: refused ones disturb nothing, quick ones get lost never, and none
 * at all writes nothing. Time budget: 90 s beside the installation.
 */
class GatewayClusterIT {

  private static Office office;

  @BeforeAll
  static void install() {
    office = Office.ready();
  }

  @Test
  void givenARunningGateway_whenAnEditIsRefused_thenWhatRanGoesOnAndIsNamed() {
    long runs = gateway().getStatus().programmedGeneration();
    String pod = office.pod().getMetadata().getUid();
    office.patch("{\"spec\":{\"sku\":{\"name\":\"VpnGw9\"}}}");
    try {
      Office.await(
          "the refusal",
          () ->
              condition(gateway().getStatus().conditions(), "Accepted")
                  .getStatus()
                  .equals("False"));
      List<Condition> conditions = gateway().getStatus().conditions();
      assertThat(condition(conditions, "Accepted").getReason()).isEqualTo("UnknownSku");
      assertThat(condition(conditions, "Accepted").getMessage())
          .contains("spec.sku.name: 'VpnGw9' is no gateway SKU");
      assertThat(condition(conditions, "Programmed").getReason()).isEqualTo("RunsEarlierSpec");
      assertThat(condition(conditions, "Ready").getStatus()).isEqualTo("True");
      assertThat(gateway().getStatus().programmedGeneration()).isEqualTo(runs);
      assertThat(office.pod().getMetadata().getUid()).isEqualTo(pod);
      Office.await("the event", () -> events("UnknownSku").size() == 1);
    } finally {
      office.patch("{\"spec\":{\"sku\":null}}");
    }
    office.awaitReady();
  }

  @Test
  void givenARefusedEdit_whenARootIsAddedMeanwhile_thenItIsServedAllTheSame() {
    office.patch("{\"spec\":{\"sku\":{\"name\":\"VpnGw9\"}}}");
    try {
      Office.await(
          "the refusal",
          () ->
              condition(gateway().getStatus().conditions(), "Accepted")
                  .getStatus()
                  .equals("False"));
      root("meanwhile", "selfSigned: {}");
      Office.await("the root in the state", () -> state().contains("\"name\":\"meanwhile\""));
    } finally {
      office.patch("{\"spec\":{\"sku\":null}}");
      office.cluster().kubectl("delete", "rootcertificate", "meanwhile", "-n", Office.NAMESPACE);
    }
    office.awaitReady();
  }

  @Test
  void givenTwentyEditsInARow_whenTheStatusIsWrittenMeanwhile_thenNoneIsLost() {
    for (int edit = 1; edit <= 20; edit++) {
      office.patch(
          "{\"spec\":{\"blockedUsers\":[{\"user\":\"mallory" + edit + "@example.com\"}]}}");
    }
    Office.await(
        "the last edit programmed",
        () ->
            gateway()
                    .getMetadata()
                    .getGeneration()
                    .equals(gateway().getStatus().programmedGeneration())
                && state().contains("mallory20@example.com"));
    office.patch("{\"spec\":{\"blockedUsers\":null}}");
    office.awaitReady();
  }

  @Test
  void givenAnUnchangedGateway_whenItIsReconciledAgain_thenNothingIsWritten() {
    office.awaitReady();
    office.awaitNobody();
    ApiCounts counts = new ApiCounts(office.cluster(), ApiCounts.EVERYTHING);
    Map<String, Double> before = counts.whenQuiet();
    for (int i = 0; i < 2; i++) {
      double so = counts.reconciliations("p2sgateway");
      // wakes the gateway's reconciler; the gateway itself is not touched
      office
          .cluster()
          .kubectl(
              "annotate",
              "pod",
              "office-0",
              "-n",
              Office.NAMESPACE,
              "--overwrite",
              "test/again=" + i);
      Office.await("a reconciliation", () -> counts.reconciliations("p2sgateway") > so);
    }
    assertThat(counts.writtenSince(before)).isEmpty();
  }

  @Test
  void givenAGatewayThatRuns_whenAnotherOperatorStarts_thenItWritesNothing() {
    office.awaitNobody();
    ApiCounts counts = new ApiCounts(office.cluster(), ApiCounts.OBJECTS);
    final Map<String, Double> before = counts.whenQuiet();
    OperatorPods operator = new OperatorPods(office.cluster());

    String another = operator.replace().pod();

    // the gateway, its root, its profile
    Office.await("all to be reconciled", () -> operator.reconciliations(another) >= 3);
    assertThat(counts.writtenSince(before)).isEmpty();
  }

  @Test
  void givenAClientCertificateInPlaceOfTheRoot_whenUploaded_thenItsIssuerIsNamed() {
    String secret =
        office
            .cluster()
            .kubectl(
                "get",
                "secret",
                "alice-vpn",
                "-n",
                Office.NAMESPACE,
                "-o",
                "jsonpath={.data.tls\\.crt}");
    office.installation().awaitPackage(Office.NAMESPACE, "alice");
    root("wrong", "secretRef: {name: alice-vpn, key: tls.crt}");
    try {
      assertThat(secret).isNotEmpty();
      Condition accepted = refusal("wrong");
      assertThat(accepted.getReason()).isEqualTo("NotACertificateAuthority");
      assertThat(accepted.getMessage()).contains("upload the certificate of CN=Office VPN root");
    } finally {
      office.cluster().kubectl("delete", "rootcertificate", "wrong", "-n", Office.NAMESPACE);
    }
  }

  @Test
  void givenAReferenceToNothing_whenTheSecretComesLater_thenTheRootHealsByItself() {
    root("later", "configMapRef: {name: later, key: root.pem}");
    try {
      assertThat(refusal("later").getReason()).isEqualTo("SourceNotFound");
      String pem =
          office
              .cluster()
              .kubectl(
                  "get",
                  "secret",
                  "office-root-key",
                  "-n",
                  Office.NAMESPACE,
                  "-o",
                  "go-template={{index .data \"tls.crt\" | base64decode}}");
      office
          .cluster()
          .kubectl(
              "create",
              "configmap",
              "later",
              "-n",
              Office.NAMESPACE,
              "--from-literal=root.pem=" + pem);
      Office.await(
          "the root heals",
          () ->
              condition(rootCertificate("later").getStatus().conditions(), "Accepted")
                  .getStatus()
                  .equals("True"));
    } finally {
      office.cluster().kubectl("delete", "rootcertificate/later", "-n", Office.NAMESPACE);
      office
          .cluster()
          .kubectl("delete", "configmap/later", "-n", Office.NAMESPACE, "--ignore-not-found");
    }
  }

  private static List<io.fabric8.kubernetes.api.model.Event> events(String reason) {
    return office
        .cluster()
        .client()
        .v1()
        .events()
        .inNamespace(Office.NAMESPACE)
        .withField("reason", reason)
        .list()
        .getItems();
  }

  private static P2SGateway gateway() {
    return office.installation().gateway(Office.NAMESPACE, Office.GATEWAY);
  }

  private static RootCertificate rootCertificate(String name) {
    return office
        .cluster()
        .client()
        .resources(RootCertificate.class)
        .inNamespace(Office.NAMESPACE)
        .withName(name)
        .get();
  }

  private static Condition refusal(String root) {
    Office.await(
        "a verdict on root " + root,
        () ->
            condition(rootCertificate(root).getStatus().conditions(), "Accepted")
                .getStatus()
                .equals("False"));
    return condition(rootCertificate(root).getStatus().conditions(), "Accepted");
  }

  private static void root(String name, String source) {
    office
        .cluster()
        .client()
        .resource(
            """
            apiVersion: p2s.dev/v1alpha1
            kind: RootCertificate
            metadata: {name: %s, namespace: vpn}
            spec:
              gatewayRef: {name: office}
              %s
            """
                .formatted(name, source))
        .create();
  }

  private static String state() {
    return office
        .cluster()
        .kubectl(
            "get",
            "secret",
            "office-state",
            "-n",
            Office.NAMESPACE,
            "-o",
            "go-template={{index .data \"state.json\" | base64decode}}");
  }

  private static Condition condition(List<Condition> conditions, String type) {
    return conditions.stream()
        .collect(Collectors.toMap(Condition::getType, c -> c))
        .getOrDefault(type, new Condition());
  }
}

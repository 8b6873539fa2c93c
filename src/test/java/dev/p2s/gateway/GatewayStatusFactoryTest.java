package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.P2SGatewaySpec.Exposure;
import dev.p2s.api.v1alpha1.P2SGatewayStatus;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.AgentReportBuilder;
import dev.p2s.dataplane.Holding;
import dev.p2s.dataplane.SkuColumn;
import dev.p2s.gateway.GatewayStatusFactory.Judgement;
import dev.p2s.gateway.GatewayStatusFactory.Running;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GatewayStatusFactoryTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final Judgement ACCEPTED = new Judgement(true, GatewayReason.Accepted, "accepted");
  private static final Judgement REFUSED =
      new Judgement(false, GatewayRefusal.UnknownSku, "no such SKU");

  private final GatewayStatusFactory statuses =
      new GatewayStatusFactory(Clock.fixed(NOON, ZoneOffset.UTC));

  @Test
  void givenAllPodsFollow_thenProgrammedAndReady() {
    P2SGatewayStatus status =
        statuses.running(gateway(7), ACCEPTED, running(report("h", true), Optional.empty()));
    assertThat(of(status, "Programmed").getStatus()).isEqualTo("True");
    assertThat(of(status, "Ready").getMessage()).isEqualTo("clients connect to 192.0.2.1 port 443");
    assertThat(status.programmedGeneration()).isEqualTo(7);
    assertThat(status.connected()).isEqualTo("3/250");
  }

  @Test
  void givenAPodThatIsBehind_thenNotProgrammedAndStillReady() {
    P2SGatewayStatus status =
        statuses.running(gateway(7), ACCEPTED, running(report("old", true), Optional.empty()));
    assertThat(of(status, "Programmed").getReason()).isEqualTo("Programming");
    assertThat(of(status, "Ready").getStatus()).isEqualTo("True");
    assertThat(status.programmedGeneration()).isNull();
  }

  @Test
  void givenARefusedEdit_thenWhatRunsIsNamedAndItsGenerationKept() {
    P2SGatewayStatus status =
        statuses.running(gateway(8), REFUSED, running(report("h", true), Optional.empty()));
    assertThat(of(status, "Accepted").getReason()).isEqualTo("UnknownSku");
    assertThat(of(status, "Programmed").getReason()).isEqualTo("RunsEarlierSpec");
    assertThat(of(status, "Programmed").getMessage())
        .isEqualTo("generation 7 goes on running, since the newest spec is refused: no such SKU");
    assertThat(status.programmedGeneration()).isEqualTo(7);
    assertThat(status.observedGeneration()).isEqualTo(8);
  }

  @Test
  void givenPodsThatAreRefused_thenTheirRefusalIsTold() {
    P2SGatewayStatus status =
        statuses.running(
            gateway(7), ACCEPTED, running(Map.of(), Optional.of("pods are refused: PodSecurity")));
    assertThat(of(status, "Programmed").getReason()).isEqualTo("PodsRefused");
    assertThat(of(status, "Programmed").getMessage()).contains("PodSecurity");
  }

  @Test
  void givenADamagedSecret_thenReadyIsUnknownAndTheSecretIsNamed() {
    P2SGatewayStatus status =
        statuses.damaged(gateway(7), ACCEPTED, "Secret vpn/office-server-ca entry tls.key is bad");
    assertThat(of(status, "Programmed").getReason()).isEqualTo("SecretDamaged");
    assertThat(of(status, "Ready").getStatus()).isEqualTo("Unknown");
  }

  @Test
  void givenAnUnchangedVerdict_whenToldLater_thenTheStatusIsEqual() {
    P2SGateway gateway = gateway(7);
    gateway.setStatus(
        statuses.running(gateway, ACCEPTED, running(report("h", true), Optional.empty())));
    GatewayStatusFactory later =
        new GatewayStatusFactory(Clock.fixed(NOON.plusSeconds(3600), ZoneOffset.UTC));
    assertThat(later.running(gateway, ACCEPTED, running(report("h", true), Optional.empty())))
        .isEqualTo(gateway.getStatus());
  }

  @Test
  void givenAnAcceptedGateway_thenItsSkusFiguresAndItsSuitesAreTold() {
    P2SGatewayStatus status =
        statuses.running(gateway(7), ACCEPTED, running(report("h", true), Optional.empty()));
    assertThat(status.skuRow())
        .isEqualTo(new P2SGatewayStatus.SkuRow("Generation1", "VpnGw1AZ", 128, 250, 650, true));
    assertThat(status.policies().tls())
        .isEqualTo(Gateways.office(Exposure.Type.HostPort).openVpn().tlsCipherSuites());
  }

  @Test
  void givenClientsWhoseAddressesTheNetworkSees_thenItIsToldWhichPodHasThem() {
    Map<String, AgentReport> reports =
        Map.of(
            "office-0",
            AgentReport.of("office-0")
                .state(7, "h")
                .programmed()
                .held(new Holding(250, List.of(Cidr.parse("172.31.200.0/24"))), false)
                .build());
    Running masqueraded = running(reports, Optional.empty());

    assertThat(statuses.running(gateway(7), ACCEPTED, masqueraded).returnRoutes()).isNull();
    assertThat(statuses.running(gateway(7), ACCEPTED, routed(masqueraded)).returnRoutes())
        .containsExactly(new P2SGatewayStatus.ReturnRoute("172.31.200.0/24", "10.244.0.9"));
  }

  @Test
  void givenMoreSessionsThanTheSkuTakes_thenTheResizeWaitsAndEverythingElseHolds() {
    Running many = running(report("h", true), Optional.empty(), 251);
    P2SGatewayStatus status = statuses.running(gateway(7), ACCEPTED, many);
    assertThat(of(status, "ResizePending").getReason()).isEqualTo("SessionsExceedSku");
    assertThat(of(status, "ResizePending").getMessage())
        .startsWith("251 connections are open and VpnGw1AZ takes 250; nobody is thrown out");
    assertThat(of(status, "Ready").getStatus()).isEqualTo("True");
    assertThat(status.connected()).isEqualTo("251/250");
    assertThat(
            statuses
                .running(gateway(7), ACCEPTED, running(report("h", true), Optional.empty(), 250))
                .conditions())
        .noneMatch(condition -> condition.getType().equals("ResizePending"));
  }

  @Test
  void givenSomethingWrong_thenTheReasonColumnSaysTheFirstOfIt() {
    assertThat(
            statuses
                .running(gateway(7), ACCEPTED, running(report("h", true), Optional.empty()))
                .reason())
        .isEqualTo("Programmed");
    assertThat(
            statuses
                .running(gateway(8), REFUSED, running(report("h", true), Optional.empty()))
                .reason())
        .isEqualTo("UnknownSku");
    assertThat(
            statuses
                .running(gateway(7), ACCEPTED, running(report("old", true), Optional.empty()))
                .reason())
        .isEqualTo("Programming");
    assertThat(statuses.notAccepted(gateway(7), REFUSED).reason()).isEqualTo("UnknownSku");
  }

  @Test
  void givenSessions_thenPoolsRootsAndWhatFirewallsSeeAreTold() {
    P2SGatewayStatus status =
        statuses.running(gateway(7), ACCEPTED, running(report("h", true), Optional.empty()));
    assertThat(status.clientAddressPools())
        .containsExactly(new P2SGatewayStatus.PoolUse("172.31.200.0/24", 3L, 253L));
    assertThat(status.roots()).containsExactly("office-root");
    assertThat(status.egressAddresses()).containsExactly("10.244.0.9", "192.0.2.1");
    assertThat(status.tokenIssuer()).isNull();
  }

  private static Running routed(Running masqueraded) {
    return new Running(
        Gateways.routed(masqueraded.gateway()),
        masqueraded.stateHash(),
        masqueraded.endpoint(),
        masqueraded.pods(),
        masqueraded.podTrouble(),
        masqueraded.reports(),
        masqueraded.serverCertificate(),
        masqueraded.use(),
        masqueraded.outdatedPods(),
        masqueraded.rollout(),
        masqueraded.roots(),
        masqueraded.autoscaler(),
        masqueraded.replicaAddresses(),
        masqueraded.nodes(),
        NetworkView.of(
            Gateways.routed(masqueraded.gateway()), masqueraded.pods(), masqueraded.reports()));
  }

  private static Running running(Map<String, AgentReport> reports, Optional<String> trouble) {
    return running(reports, trouble, 3);
  }

  private static Running running(
      Map<String, AgentReport> reports, Optional<String> trouble, int connections) {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("office-0")
            .endMetadata()
            .withNewStatus()
            .withPodIP("10.244.0.9")
            .withHostIP("192.0.2.1")
            .addNewPodIP("10.244.0.9")
            .addNewCondition()
            .withType("Ready")
            .withStatus("True")
            .endCondition()
            .endStatus()
            .build();
    return new Running(
        Gateways.office(Exposure.Type.HostPort),
        "h",
        Optional.of(new GatewayEndpoint("192.0.2.1", 443)),
        List.of(pod),
        trouble,
        reports,
        null,
        new GatewayUse(
            new Connections(Map.of(SkuColumn.IKEV2_OPENVPN, connections)),
            Stream.iterate(2, n -> n + 1).limit(connections).map(n -> "172.31.200." + n).toList()),
        List.of(),
        new Rollout.Step(1, Optional.empty(), List.of()),
        List.of("office-root"),
        Optional.empty(),
        List.of(),
        ClusterNodes.UNKNOWN,
        NetworkView.of(Gateways.office(Exposure.Type.HostPort), List.of(pod), reports));
  }

  private static Map<String, AgentReport> report(String hash, boolean programmed) {
    AgentReportBuilder report = AgentReport.of("office-0").state(7, hash);
    return Map.of("office-0", programmed ? report.programmed().build() : report.build());
  }

  private static P2SGateway gateway(long generation) {
    P2SGateway gateway = new P2SGateway();
    gateway.setMetadata(
        new ObjectMetaBuilder()
            .withName("office")
            .withNamespace("vpn")
            .withGeneration(generation)
            .build());
    return gateway;
  }

  private static Condition of(P2SGatewayStatus status, String type) {
    return status.conditions().stream()
        .filter(condition -> condition.getType().equals(type))
        .findFirst()
        .orElseThrow();
  }
}

package dev.p2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import dev.p2s.api.v1alpha1.P2SGatewaySpec.Exposure;
import dev.p2s.catalog.GatewaySku;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.SkuColumn;
import dev.p2s.dataplane.SstpSettings;
import dev.p2s.dataplane.sstp.EndpointCommand.Method;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SstpServerTest {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  @Test
  void givenBasic_whenPlanned_thenCertificatesTheSeedsSuitesAndItsFigure() throws Exception {
    SstpSettings sstp = of("{tunnelTypes: [SSTP], sku: {name: Basic}}");

    assertThat(sstp.methods()).containsExactly(Method.CERTIFICATE);
    assertThat(sstp.tlsCipherSuites()).hasSize(12);
    assertThat(sstp.tunnelMtu()).isEqualTo(1370);
    assertThat(sstp.connectionLimit()).isEqualTo(128);
    assertThat(of("{tunnelTypes: [SSTP], tlsPolicy: Hardened, mtu: 1300}"))
        .satisfies(hardened -> assertThat(hardened.tlsCipherSuites()).hasSize(4))
        .satisfies(hardened -> assertThat(hardened.tunnelMtu()).isEqualTo(1300));
  }

  @Test
  void givenRadius_whenPlanned_thenPasswordsAreNeverSentAsTheyAreUnlessTheSpecSaysSo()
      throws Exception {
    assertThat(radius("{}")).containsExactly(Method.MSCHAPV2, Method.EAP);
    assertThat(radius("{passwordProtocol: MSCHAPv2}")).doesNotContain(Method.PAP);
    assertThat(radius("{passwordProtocol: PAP}")).containsExactly(Method.PAP);
    assertThat(radius("{method: Certificate}")).containsExactly(Method.EAP);
  }

  @Test
  void givenBothFigures_whenTheStatusTellsThem_thenEachBesideItsOwnLimit() {
    AgentReport report =
        AgentReport.of("office-0")
            .sessions(List.of(session("IKEv2"), session("SSTP"), session("SSTP")))
            .build();
    ResolvedGateway both = Gateways.officeWithIkev2AndSstp(Exposure.Type.HostPort);
    Connections connections = Connections.of(List.of(report), both.columns());

    assertThat(connections.text(both)).isEqualTo("1/250, SSTP 2/128");
    assertThat(connections.all()).isEqualTo(3);
    assertThat(connections.of(SkuColumn.SSTP)).isEqualTo(2);
    assertThat(
            new Connections(java.util.Map.of(SkuColumn.IKEV2_OPENVPN, 3))
                .text(Gateways.office(Exposure.Type.HostPort)))
        .isEqualTo("3/250");
  }

  private static AgentReport.Session session(String protocol) {
    return new AgentReport.Session(
        "1",
        "alice",
        "Certificate",
        protocol,
        "192.0.2.7:1",
        "172.31.200.9",
        Instant.EPOCH,
        "",
        0,
        0,
        null,
        null,
        0,
        0,
        null);
  }

  private static List<Method> radius(String radius) throws Exception {
    return of("{tunnelTypes: [SSTP], authenticationTypes: [RADIUS], radius: " + radius + "}")
        .methods();
  }

  private static SstpSettings of(String yaml) throws JsonProcessingException, GatewayRefused {
    P2SGatewaySpec spec = YAML.readValue(yaml, P2SGatewaySpec.class);
    GatewaySku sku = GatewayRules.sku(spec);
    return SstpServer.of(spec, sku, GatewayRules.authentications(spec));
  }
}

package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2s.api.v1alpha1.ClientProfile;
import dev.p2s.api.v1alpha1.P2SGateway;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Profiles of another namespace than their gateway's: its owner says whose, and may change their
 * mind. Time budget: 60 s beside the installation.
 */
class GuestProfileClusterIT {

  private static final String NAMESPACE = "team-a";
  private static final String PROFILE = "erin";
  private static Office office;

  @BeforeAll
  static void anOffice() {
    office = Office.ready();
    office.cluster().namespace(NAMESPACE, "restricted");
  }

  @AfterAll
  static void nothingIsLeft() {
    office.cluster().kubectl("delete", "namespace", NAMESPACE, "--wait=false");
    allowed("null");
  }

  @Test
  void givenAGuest_whenItsNamespaceIsSelectedAndNoMore_thenItConnectsAndItsSessionEnds() {
    office
        .cluster()
        .client()
        .resource(
            """
            apiVersion: p2s.dev/v1alpha1
            kind: ClientProfile
            metadata: {name: %s, namespace: %s}
            spec:
              gatewayRef: {name: office, namespace: vpn}
              user: erin@example.com
            """
                .formatted(PROFILE, NAMESPACE))
        .create();
    awaitReason("NotAllowed");
    assertThat(ready().getMessage())
        .contains("no P2SGateway office in namespace vpn that takes profiles of namespace team-a");

    allowed(
        "{\"namespaces\":{\"from\":\"Selector\",\"selector\":{\"matchLabels\":{\"vpn\":\"y\"}}}}");
    office.cluster().kubectl("label", "namespace", NAMESPACE, "vpn=y");

    try (VpnClient erin = new VpnClient().connect(office.installation().ovpn(NAMESPACE, PROFILE))) {
      Traffic traffic = Traffic.start(erin, office.echoAddress());
      traffic.awaitReplies(5);
      assertThat(office.cluster().client().secrets().inNamespace(NAMESPACE).list().getItems())
          .extracting(secret -> secret.getMetadata().getName())
          .contains(PROFILE + "-vpn")
          .noneMatch(name -> name.startsWith("office"));

      office.cluster().kubectl("label", "namespace", NAMESPACE, "vpn-");

      traffic.awaitSilence();
      awaitReason("NotAllowed");
      Office.await("erin to be told", () -> erin.log().contains("has been revoked"));
    }
    office.cluster().kubectl("label", "namespace", NAMESPACE, "vpn=y");
    try (VpnClient erin = new VpnClient().connect(office.installation().ovpn(NAMESPACE, PROFILE))) {
      erin.run("ping", "-c", "2", "-W", "2", office.echoAddress());
    }
    assertThatThrownBy(
            () ->
                office
                    .cluster()
                    .client()
                    .resources(ClientProfile.class)
                    .inNamespace(NAMESPACE)
                    .withName(PROFILE)
                    .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\":{\"gatewayRef\":{\"namespace\":null}}}"))
        .hasMessageContaining("a profile stays with its gateway");
  }

  private static void awaitReason(String reason) {
    Office.await("erin " + reason, () -> ready().getReason().equals(reason));
  }

  private static Condition ready() {
    return office.installation().profile(NAMESPACE, PROFILE).getStatus().conditions().stream()
        .filter(condition -> condition.getType().equals("Ready"))
        .findFirst()
        .orElseThrow();
  }

  private static void allowed(String json) {
    office
        .cluster()
        .client()
        .resources(P2SGateway.class)
        .inNamespace(Office.NAMESPACE)
        .withName(Office.GATEWAY)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"allowedProfiles\":" + json + "}}");
  }
}

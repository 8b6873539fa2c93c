package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.p2s.api.v1alpha1.ClientProfile;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * From a profile to a person who is connected, and out again: what is handed out, when it is
 * written anew, and what is taken back. Time budget: 90 s beside the installation.
 */
class ProfileClusterIT {

  private static final String PROFILE = "dave";
  private static final String LEDGER = "office-root-issued";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static Office office;
  private final List<VpnClient> clients = new ArrayList<>();

  @BeforeAll
  static void anOffice() {
    office = Office.ready();
  }

  @AfterEach
  void nothingIsLeft() {
    clients.forEach(VpnClient::close);
    office.delete(PROFILE);
    // the cluster collects it, and may take one for the next test's profile along that comes in
    // between
    Office.await("no package", () -> office.secret(PROFILE + "-vpn") == null);
  }

  @Test
  void givenASession_whenItsProfileIsSuspended_thenItEndsAndLiftedTheSamePackageConnects() {
    office.profile(PROFILE);
    byte[] zip = zip(PROFILE);
    VpnClient dave = machine().connectWithPackage(zip);
    Traffic traffic = Traffic.start(dave, office.echoAddress());
    traffic.awaitReplies(5);

    patchProfile("{\"spec\":{\"suspended\":true}}");

    traffic.awaitSilence();
    Office.await("dave to be told", () -> dave.log().contains("has been revoked"));
    assertThat(office.sessions()).isEmpty();
    Office.await("the status", () -> "Suspended".equals(reason("Ready")));
    VpnClient again = machine();
    again.dial(office.text(PROFILE, "OpenVPN_vpnconfig.ovpn"));
    Office.await("the refusal", () -> again.log().contains("has been revoked"));
    assertThat(again.log()).doesNotContain("Initialization Sequence Completed");

    patchProfile("{\"spec\":{\"suspended\":null}}");

    office.installation().awaitPackage(Office.NAMESPACE, PROFILE);
    assertThat(zip(PROFILE)).isEqualTo(zip);
    String sha256 = entry(PROFILE).get("sha256");
    Office.await("the agents' state", () -> !office.state().contains(sha256));
    again.hangUp();
    again.connectWithPackage(zip).run("ping", "-c", "2", "-W", "2", office.echoAddress());
  }

  @Test
  void givenASession_whenItsProfileIsDeleted_thenItEndsAndTheLedgerRemembers() {
    office.profile(PROFILE);
    VpnClient dave = machine().connectWithPackage(zip(PROFILE));
    Traffic traffic = Traffic.start(dave, office.echoAddress());
    traffic.awaitReplies(5);
    Map<String, String> issued = entry(PROFILE);
    assertThat(issued).containsEntry("revoked", "").containsEntry("namespace", Office.NAMESPACE);

    office.delete(PROFILE);

    traffic.awaitSilence();
    Office.await("dave to be told", () -> dave.log().contains("has been revoked"));
    assertThat(entry(PROFILE))
        .containsEntry("revoked", "Deleted")
        .containsEntry("sha256", issued.get("sha256"));
    assertThat(office.secret(LEDGER).getMetadata().getOwnerReferences()).isEmpty();
    Office.await("the package to go", () -> office.secret(PROFILE + "-vpn") == null);
  }

  @Test
  void givenALedgerThatCannotBeWritten_whenAProfileIsMade_thenNothingIsHandedOut() {
    Secret locked =
        new SecretBuilder()
            .withNewMetadata()
            .withName("locked-issued")
            .withNamespace(Office.NAMESPACE)
            .endMetadata()
            .withImmutable(true)
            .build();
    office.cluster().client().resource(locked).create();
    try {
      office.root("locked", "selfSigned: {}");
      ApiCounts counts = new ApiCounts(office.cluster(), "secrets");
      office.profile(PROFILE, "locked");
      Office.await(
          "attempts to write the ledger",
          () ->
              counts.whenQuiet().entrySet().stream()
                  .anyMatch(count -> count.getKey().contains("code=\"422\"")));
      assertThat(office.secret(PROFILE + "-vpn")).isNull();

      office.cluster().client().resource(locked).delete();

      office.installation().awaitPackage(Office.NAMESPACE, PROFILE);
      assertThat(office.secret("locked-issued").getData()).hasSize(1);
    } finally {
      office.delete(PROFILE);
      office
          .cluster()
          .kubectl(
              "delete", "-n", Office.NAMESPACE, "rootcertificate/locked", "--ignore-not-found");
      office
          .cluster()
          .kubectl(
              "delete",
              "-n",
              Office.NAMESPACE,
              "secret/locked-issued",
              "secret/locked-key",
              "--ignore-not-found");
    }
  }

  @Test
  void givenAPackage_whenTheGatewaysAddressChanges_thenItFollowsAndComesBackByteForByte() {
    office.profile(PROFILE);
    byte[] before = zip(PROFILE);
    String certificate = certificate();
    office.patch("{\"spec\":{\"exposure\":{\"address\":\"vpn.example.test\"}}}");
    try {
      Office.await(
          "the package to follow",
          () ->
              office
                  .text(PROFILE, "OpenVPN_vpnconfig.ovpn")
                  .contains("\nremote vpn.example.test 443\n"));
      assertThat(office.text(PROFILE, "AzureVPN_azurevpnconfig.xml"))
          .contains("<fqdn>vpn.example.test</fqdn>");
      assertThat(certificate()).isEqualTo(certificate);
    } finally {
      office.patch("{\"spec\":{\"exposure\":{\"address\":null}}}");
    }
    Office.await("the package as it was", () -> java.util.Arrays.equals(zip(PROFILE), before));
    office.awaitReady();
  }

  @Test
  void givenProfiles_whenTheOperatorStartsAnew_thenItLooksAtEachAndWritesNothing() {
    office.profile(PROFILE);
    office.installation().awaitPackage(Office.NAMESPACE, PROFILE);
    office.awaitReady();
    ApiCounts counts = new ApiCounts(office.cluster(), "clientprofiles|rootcertificates|secrets");
    Map<String, Double> before = counts.whenQuiet();

    office
        .cluster()
        .client()
        .pods()
        .inNamespace(Installation.NAMESPACE)
        .withLabel("app.kubernetes.io/name", "p2s-gateway-operator")
        .delete();

    Office.await(
        "both profiles to be reconciled by the new operator",
        () -> {
          double done = counts.reconciliations("clientprofile");
          return done >= 2 && done < 20;
        });
    assertThat(counts.writtenSince(before)).isEmpty();
  }

  @Test
  void givenARootThatIsRemoved_whenItsProfileCannotBeIssuedAnew_thenThePackageIsCalledStale() {
    office.root("passing", "selfSigned: {}");
    try {
      office.profile(PROFILE, "passing");
      byte[] before = zip(PROFILE);
      office.cluster().kubectl("delete", "-n", Office.NAMESPACE, "rootcertificate/passing");
      Office.await("the verdict", () -> "RootRemoved".equals(reason("Stale")));
      assertThat(reason("Ready")).isEqualTo("RootNotFound");

      office.root("passing", "selfSigned: {}");

      Office.await("the root again", () -> "Ready".equals(reason("Ready")));
      assertThat(zip(PROFILE)).isEqualTo(before);
    } finally {
      office.delete(PROFILE);
      office
          .cluster()
          .kubectl(
              "delete", "-n", Office.NAMESPACE, "rootcertificate/passing", "--ignore-not-found");
      office
          .cluster()
          .kubectl("delete", "-n", Office.NAMESPACE, "secret/passing-key", "secret/passing-issued");
    }
  }

  @Test
  void givenAProfile_whenItIsDeletedAndMadeAgainAtOnce_thenItsNewPackageConnects() {
    office.profile(PROFILE);
    byte[] before = zip(PROFILE);

    office.delete(PROFILE);
    office.profile(PROFILE);

    Office.await(
        "another package",
        () -> {
          Secret secret = office.secret(PROFILE + "-vpn");
          return secret != null
              && !java.util.Arrays.equals(
                  before, Base64.getDecoder().decode(secret.getData().get("package.zip")));
        });
    machine().connectWithPackage(zip(PROFILE));
  }

  private VpnClient machine() {
    VpnClient client = new VpnClient();
    clients.add(client);
    return client;
  }

  private static byte[] zip(String profile) {
    return office.installation().zip(Office.NAMESPACE, profile);
  }

  private static String certificate() {
    return office.text(PROFILE, "tls.crt");
  }

  private static Map<String, String> entry(String profile) {
    return office.secret(LEDGER).getData().values().stream()
        .map(value -> new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8))
        .map(ProfileClusterIT::read)
        .filter(entry -> profile.equals(entry.get("profile")))
        .max(java.util.Comparator.comparing(entry -> entry.get("notAfter")))
        .orElseThrow();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, String> read(String json) {
    try {
      return JSON.readValue(json, Map.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String reason(String condition) {
    return office
        .installation()
        .profile(Office.NAMESPACE, PROFILE)
        .getStatus()
        .conditions()
        .stream()
        .filter(c -> c.getType().equals(condition))
        .findFirst()
        .orElseThrow()
        .getReason();
  }

  private static void patchProfile(String json) {
    office
        .cluster()
        .client()
        .resources(ClientProfile.class)
        .inNamespace(Office.NAMESPACE)
        .withName(PROFILE)
        .patch(PatchContext.of(PatchType.JSON_MERGE), json);
  }
}

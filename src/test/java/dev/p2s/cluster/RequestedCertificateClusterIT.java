package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.pki.Pem;
import dev.p2s.pki.TestRequests;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A person who keeps their key to themselves: a request, a package without a key, and a package for
 * one platform. Time budget: 40 s beside the installation.
 */
class RequestedCertificateClusterIT {

  private static final String PROFILE = "erin";
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
  }

  @Test
  void givenARequest_whenItsKeyIsPutIntoThePackage_thenItConnectsUntilAnotherKeyIsAskedFor() {
    KeyPair first = TestRequests.keys();
    profile(first, "Revoke");
    String handedOut = configuration();
    assertThat(office.secret(PROFILE + "-vpn").getData())
        .containsKey("Generic_client.crt")
        .doesNotContainKeys("tls.key", "AzureVPN_azurevpnconfig.xml", "Generic_client.p12");
    VpnClient erin = machine().connect(withKey(handedOut, first));
    erin.run("ping", "-c", "2", "-W", "2", office.echoAddress());

    KeyPair second = TestRequests.keys();
    profile(second, "Revoke");

    Office.await("the package for the other key", () -> !configuration().equals(handedOut));
    Office.await("the first key to be taken back", () -> erin.log().contains("has been revoked"));
    machine().connect(withKey(configuration(), second));
  }

  @Test
  void givenAProfileThatIsKeptOnDeletion_whenItIsDeleted_thenItsPersonStays() {
    KeyPair keys = TestRequests.keys();
    profile(keys, "Keep");
    String configuration = withKey(configuration(), keys);
    VpnClient erin = machine().connect(configuration);

    office.delete(PROFILE);

    Office.await("the package to go", () -> office.secret(PROFILE + "-vpn") == null);
    erin.run("ping", "-c", "2", "-W", "2", office.echoAddress());
    machine().connect(configuration).run("ping", "-c", "2", "-W", "2", office.echoAddress());
    assertThat(erin.log()).doesNotContain("has been revoked");
  }

  private static void profile(KeyPair keys, String onDelete) {
    office
        .cluster()
        .client()
        .resource(
            """
            apiVersion: p2s.dev/v1alpha1
            kind: ClientProfile
            metadata: {name: %s, namespace: vpn}
            spec:
              gatewayRef: {name: office}
              clients: [iOS]
              onDelete: %s
              certificate:
                csr:
                  pem: |
            %s
            """
                .formatted(PROFILE, onDelete, TestRequests.pem(keys).indent(10)))
        .serverSideApply();
  }

  private static String configuration() {
    office.installation().awaitPackage(Office.NAMESPACE, PROFILE);
    return new String(
        Base64.getDecoder()
            .decode(office.secret(PROFILE + "-vpn").getData().get("OpenVPN_vpnconfig.ovpn")),
        StandardCharsets.UTF_8);
  }

  private static String withKey(String configuration, KeyPair keys) {
    return configuration.replace("$PRIVATEKEY", Pem.key(keys.getPrivate()).strip());
  }

  private VpnClient machine() {
    VpnClient client = new VpnClient();
    clients.add(client);
    return client;
  }
}

package dev.p2s.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * A real identity provider outside the cluster: Keycloak over https with a certificate of the
 * company's own, the realm {@code corp} and people in it whose password is their name.
 */
final class IdentityProvider implements AutoCloseable {

  /** The gateway's client. */
  static final String VPN = "vpn";

  /** Signs in to the same gateway for {@link #SHORT_LIFE}. */
  static final String SHORT = "vpn-short";

  static final Duration SHORT_LIFE = Duration.ofSeconds(40);

  /** An application that has nothing to do with the gateway. */
  static final String OTHER = "wiki";

  static final String CORP = "corp";

  /** A realm whose issuer the gateway does not trust. */
  static final String STRANGERS = "strangers";

  private static final String IMAGE = "p2s.test/identity-provider:local";
  private static final int GROUPS = 100;

  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private final CertificateAuthority authority =
      CertificateAuthority.selfSigned(
          "Corp CA", KeyKind.EC_P256, Duration.ofDays(1), Instant.now(), new SecureRandom());
  private final GenericContainer<?> machine;
  private final String address;

  IdentityProvider() {
    Command.of("hack/identity-provider-image", IMAGE).run(Duration.ofMinutes(10)).required();
    machine =
        new GenericContainer<>(DockerImageName.parse(IMAGE))
            .withLabels(EngineContainers.ofThisRun())
            .withCommand("sleep", "infinity");
    machine.start();
    address =
        machine
            .getContainerInfo()
            .getNetworkSettings()
            .getNetworks()
            .values()
            .iterator()
            .next()
            .getIpAddress();
    var leaf =
        authority.issueServer(
            address,
            List.of(address),
            KeyKind.EC_P256,
            Duration.ofHours(12),
            Instant.now(),
            new SecureRandom());
    file("/opt/tls.crt", Pem.certificate(leaf.certificate()) + roots());
    file("/opt/tls.key", Pem.key(leaf.key()));
    file("/opt/keycloak/data/import/corp.json", realm(CORP));
    file("/opt/keycloak/data/import/strangers.json", realm(STRANGERS));
    begin();
  }

  /** What {@code iss} of the realm's tokens is. */
  String issuer(String realm) {
    return "https://" + address + ":8443/realms/" + realm;
  }

  /** PEM of the authority that vouches for its server. */
  String roots() {
    return Pem.certificate(authority.certificate());
  }

  /** Starts it, and waits until it signs people in. */
  private void begin() {
    exec(
        "(JAVA_OPTS_APPEND=-XX:TieredStopAtLevel=1 /opt/keycloak/bin/kc.sh start --optimized --import-realm --hostname=https://"
            + address
            + ":8443 --cache=local --http-enabled=false --https-port=8443"
            + " --https-certificate-file=/opt/tls.crt --https-certificate-key-file=/opt/tls.key"
            + " > /opt/log 2>&1 &)");
    Awaitility.await("the identity provider")
        .atMost(Duration.ofSeconds(150))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> exec("cat /opt/log").contains("Listening on:"));
  }

  /**
   * Signs a person in, as their client does, and gives the access token.
   *
   * @param from the person's machine
   */
  String token(VpnClient from, String realm, String client, String user) {
    String answer =
        from.run(
            "curl",
            "-sk",
            "--max-time",
            "20",
            "-d",
            "grant_type=password&client_id=" + client + "&username=" + user + "&password=" + user,
            issuer(realm) + "/protocol/openid-connect/token");
    try {
      return JSON.readTree(answer).required("access_token").asText();
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IllegalStateException("no token: " + answer, e);
    }
  }

  /** The keys that a realm signs with, as it publishes them. */
  String keys(VpnClient from, String realm) {
    return from.run(
        "curl", "-sk", "--max-time", "20", issuer(realm) + "/protocol/openid-connect/certs");
  }

  /** Makes it hang: connections to it are taken and nothing is ever said. */
  void pause() {
    DockerClientFactory.lazyClient().pauseContainerCmd(machine.getContainerId()).exec();
  }

  void resume() {
    DockerClientFactory.lazyClient().unpauseContainerCmd(machine.getContainerId()).exec();
  }

  @Override
  public void close() {
    machine.stop();
  }

  private static String realm(String name) {
    List<Object> groups = new ArrayList<>();
    List<String> all = new ArrayList<>();
    for (int i = 0; i < GROUPS; i++) {
      String group = "group-%03d-of-the-department-of-long-names".formatted(i);
      groups.add(Map.of("name", group));
      all.add("/" + group);
    }
    Map<String, Object> realm = new HashMap<>();
    realm.put("realm", name);
    realm.put("enabled", true);
    realm.put("accessTokenLifespan", 3600);
    realm.put("ssoSessionMaxLifespan", 36_000);
    realm.put("groups", groups);
    realm.put(
        "clients",
        List.of(
            client(VPN, 3600, VPN),
            client(SHORT, SHORT_LIFE.toSeconds(), VPN),
            client(OTHER, 3600, "wiki-backend")));
    realm.put(
        "users", List.of(user("alice", List.of()), user("bob", List.of()), user("carol", all)));
    try {
      return JSON.writeValueAsString(realm);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> client(String id, long seconds, String audience) {
    return Map.of(
        "clientId",
        id,
        "publicClient",
        true,
        "directAccessGrantsEnabled",
        true,
        "redirectUris",
        List.of("*"),
        "attributes",
        Map.of("access.token.lifespan", String.valueOf(seconds)),
        "protocolMappers",
        List.of(
            mapper(
                "audience",
                "oidc-audience-mapper",
                Map.of("included.custom.audience", audience, "access.token.claim", "true")),
            mapper(
                "groups",
                "oidc-group-membership-mapper",
                Map.of(
                    "claim.name", "groups", "full.path", "false", "access.token.claim", "true"))));
  }

  private static Map<String, Object> mapper(String name, String kind, Map<String, String> config) {
    return Map.of(
        "name", name, "protocol", "openid-connect", "protocolMapper", kind, "config", config);
  }

  private static Map<String, Object> user(String name, List<String> groups) {
    return Map.of(
        "username",
        name,
        "enabled",
        true,
        "email",
        name + "@example.com",
        "firstName",
        name,
        "lastName",
        "Example",
        "groups",
        groups,
        "credentials",
        List.of(Map.of("type", "password", "value", name, "temporary", false)));
  }

  private void file(String path, String text) {
    machine.copyFileToContainer(Transferable.of(text.getBytes(StandardCharsets.UTF_8)), path);
  }

  private String exec(String script) {
    return new ContainerShell(machine).exec("sh", "-c", script).getStdout();
  }
}

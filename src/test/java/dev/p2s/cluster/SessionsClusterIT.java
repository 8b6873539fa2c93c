package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Who is connected and who was turned away, as kubectl shows it; both replicas of the operator
 * answer. Time budget: 150 s beside the installation.
 */
class SessionsClusterIT {

  private static final String API = "v1alpha1.live.p2s.dev";

  private static Office office;

  private VpnClient client;

  @BeforeAll
  static void served() {
    office = Office.ready();
    office.installation().helmUpgrade("--set", "sessionsApi.enabled=true");
    Office.await("the API", () -> available(API));
    office.profile("dora");
  }

  @AfterAll
  static void theOfficeIsAsItWas() {
    office.delete("dora");
    office.installation().helmUpgrade();
    Office.await("the API's end", () -> api(API).isEmpty());
  }

  @AfterEach
  void nobodyIsConnected() {
    if (client != null) {
      client.hangUp();
      client.close();
      client = null;
      Office.await("the end of all sessions", () -> names("p2ssessions").isEmpty());
    }
  }

  @Test
  void givenAClient_whenSessionsAreListed_thenItIsThereWithWhatKubectlKnowsToAsk() {
    connect();

    assertThat(kubectl("get", "p2ssessions"))
        .contains("NAME", "GATEWAY", "TUNNEL ADDRESS", "AGE", "office", "dora@example.com")
        .contains("Certificate", "OpenVPN", client.tunnelAddress())
        .doesNotContain("BYTES IN");
    assertThat(kubectl("get", "p2ss", "-o", "wide")).contains("BYTES IN", "PACKETS IN", "office-0");
    Traffic.start(client, office.echoAddress()).awaitReplies(3);
    Office.await(
        "the packets of both directions",
        () ->
            kubectl("get", "p2ssession", id(), "-o", "jsonpath={.packetsIn} {.packetsOut}")
                .matches("[1-9][0-9]* [1-9][0-9]*"));
    assertThat(kubectl("get", "p2ssessions", "-A")).contains(Office.NAMESPACE, "dora@example.com");
    assertThat(kubectl("get", "p2ssessions", "--field-selector", "user=dora@example.com"))
        .contains("dora@example.com");
    assertThat(names("p2ssessions", "--field-selector", "user!=dora@example.com")).isEmpty();
    assertThat(names("p2ssessions", "-l", "p2s.dev/gateway=other")).isEmpty();
    assertThat(kubectl("get", "p2ssession", id(), "-o", "jsonpath={.tunnelAddress}"))
        .isEqualTo(client.tunnelAddress());
    assertThat(kubectl("explain", "p2ssessions.tunnelAddress")).contains("address inside");
    assertThat(
            office
                .cluster()
                .tool(
                    "kubectl",
                    "get",
                    "p2ssessions",
                    "-n",
                    Office.NAMESPACE,
                    "--field-selector",
                    "x=y")
                .errors())
        .contains("field label not supported: x");
  }

  @Test
  void givenSomebodyWhoWatches_whenAClientComesAndIsDeleted_thenBothAreSeenAndItIsDisconnected() {
    var watch =
        CompletableFuture.supplyAsync(
            () ->
                office
                    .cluster()
                    .tool(
                        "kubectl",
                        "get",
                        "p2ssessions",
                        "-n",
                        Office.NAMESPACE,
                        "-w",
                        "--output-watch-events",
                        "--request-timeout=40s")
                    .output());
    connect();
    Traffic traffic = Traffic.start(client, office.echoAddress());
    traffic.awaitReplies(3);
    String id = id();

    assertThat(kubectl("delete", "p2ssession", id, "--dry-run=server")).contains("dry run");
    assertThat(names("p2ssessions")).containsExactly(id);
    assertThat(kubectl("delete", "p2ssession", id)).contains("deleted");

    Office.await(
        "the client to be told",
        Duration.ofSeconds(10),
        () -> client.log().contains("Connection reset command was pushed by server"));
    assertThat(names("p2ssessions")).doesNotContain(id);
    assertThat(watch.join().lines())
        .anyMatch(line -> line.startsWith("ADDED") && line.contains(id))
        .anyMatch(line -> line.startsWith("DELETED") && line.contains(id));
  }

  @Test
  void givenOneSessionAUser_whenTheyDialFromAnotherMachine_thenTheFirstEndsForGood() {
    office.patch("{\"spec\":{\"sessions\":{\"duplicates\":\"Replace\"}}}");
    office.installation().awaitProgrammed(Office.NAMESPACE, Office.GATEWAY);
    try (VpnClient phone = new VpnClient()) {
      connect();
      String earlier = id();

      phone.connect(office.ovpn("dora"));

      Office.await("the first client's end", () -> client.log().contains("process exiting"));
      Office.await("the newer session alone", () -> names("p2ssessions").size() == 1);
      assertThat(names("p2ssessions")).doesNotContain(earlier);
      Traffic.start(phone, office.echoAddress()).awaitReplies(5);
      phone.hangUp();
    } finally {
      office.patch("{\"spec\":{\"sessions\":null}}");
    }
  }

  @Test
  void givenABlockedUser_whenTheyDial_thenTheAttemptSaysWhoWhyAndWhatToDo() {
    block("[{\"user\":\"dora@example.com\"}]");
    try {
      client = new VpnClient();
      client.dial(office.ovpn("dora"));
      var told = new java.util.concurrent.atomic.AtomicReference<String>();
      Office.await(
          "the attempt",
          () -> {
            told.set(kubectl("get", "p2sattempts"));
            return told.get().contains("dora@example.com");
          });
      assertThat(told.get()).contains("REASON", "REMEDY", "USER_BLOCKED", "spec.blockedUsers");
      assertThat(names("p2sattempts", "--field-selector", "user=nobody")).isEmpty();
    } finally {
      block("null");
    }
  }

  @Test
  void givenSomebodyWithoutARole_whenTheyAsk_thenTheyAreRefusedAndViewersAreNot() {
    Command.Result refused = as("stranger", "get", "p2ssessions");
    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.errors())
        .contains("User \"stranger\" cannot list resource \"p2ssessions\"")
        .contains("namespace \"vpn\"");

    office
        .cluster()
        .kubectl(
            "-n",
            Office.NAMESPACE,
            "create",
            "rolebinding",
            "viewer",
            "--clusterrole=view",
            "--user=viewer");
    try {
      Office.await("the role", () -> as("viewer", "get", "p2ssessions").exitCode() == 0);
      assertThat(as("viewer", "delete", "p2ssession", "00000000000000aa").errors())
          .contains("cannot delete resource \"p2ssessions\"");
      assertThat(as("viewer", "get", "p2ssessions", "-A").errors()).contains("forbidden");
    } finally {
      office.cluster().kubectl("-n", Office.NAMESPACE, "delete", "rolebinding", "viewer");
    }
  }

  @Test
  void givenTwoReplicas_whenTheOneThatLeadsEnds_thenTheOtherAnswersWithTheSessions() {
    connect();
    String id = id();
    var pods = office.cluster().client().pods().inNamespace(Installation.NAMESPACE);
    List<String> replicas =
        pods.withLabel("app.kubernetes.io/name", "p2s-gateway-operator").list().getItems().stream()
            .map(pod -> pod.getMetadata().getName())
            .toList();
    assertThat(replicas).hasSize(2);
    for (String replica : replicas) {
      pods.withName(replica).withGracePeriod(0).delete();
      Office.await("an answer of another", () -> names("p2ssessions").contains(id));
    }
  }

  @Test
  void givenTheApi_whenANamespaceIsDeleted_thenItGoes() {
    office.cluster().namespace("passing", "restricted");
    office.cluster().kubectl("delete", "namespace", "passing", "--timeout=60s");
  }

  private void connect() {
    client = new VpnClient().connect(office.ovpn("dora"));
    Office.await("the session", () -> names("p2ssessions").size() == 1);
  }

  private static String id() {
    return names("p2ssessions").getFirst();
  }

  private static void block(String users) {
    office.patch("{\"spec\":{\"blockedUsers\":" + users + "}}");
    Office.await(
        "the list in the state",
        () -> office.state().contains("\"dora@example.com\"") != users.equals("null"));
  }

  private static List<String> names(String kind, String... more) {
    var words = new java.util.ArrayList<>(List.of("get", kind, "-o", "name"));
    words.addAll(List.of(more));
    return kubectl(words.toArray(String[]::new))
        .lines()
        .map(line -> line.substring(line.indexOf('/') + 1))
        .toList();
  }

  private static String kubectl(String... words) {
    var all = new java.util.ArrayList<>(List.of(words));
    all.addAll(List.of("-n", Office.NAMESPACE));
    return office.cluster().kubectl(all.toArray(String[]::new));
  }

  private static Command.Result as(String user, String... words) {
    var all = new java.util.ArrayList<>(List.of(words));
    all.addAll(List.of("-n", Office.NAMESPACE, "--as", user));
    return office.cluster().tool("kubectl", all.toArray(String[]::new));
  }

  private static String api(String name) {
    return office
        .cluster()
        .kubectl("get", "apiservice", name, "--ignore-not-found", "-o", "jsonpath={.status}");
  }

  private static boolean available(String name) {
    return office
        .cluster()
        .kubectl(
            "get",
            "apiservice",
            name,
            "-o",
            "jsonpath={.status.conditions[?(@.type==\"Available\")].status}")
        .equals("True");
  }
}

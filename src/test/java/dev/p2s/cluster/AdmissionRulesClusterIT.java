package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the API server itself lets in: each file of golden/admission is applied to it (server-side
 * dry run, so nothing is made). A file {@code invalid-*} says in its first line what the refusal
 * has to contain. Time budget: 30 s beside the installation.
 */
class AdmissionRulesClusterIT {

  private static final Path FILES = Path.of("src/test/resources/golden/admission");
  private static final String NAMESPACE = "rules";
  private static final String REFUSED = "# refused: ";
  private static final String NEVER = "# never: ";

  private static TestCluster cluster;

  @BeforeAll
  static void install() {
    cluster = TestCluster.shared();
    new Installation(cluster).install();
    cluster.namespace(NAMESPACE, "restricted");
  }

  @TestFactory
  Stream<DynamicTest> eachFileIsAdmittedOrRefusedAsItSays() throws IOException {
    return Files.list(FILES)
        .sorted()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> judge(file)));
  }

  @Test
  void givenAFieldOfTwoMegabytes_whenApplied_thenItIsRefusedAndNothingIsEchoed()
      throws IOException {
    Path file = Files.createTempFile("huge", ".yaml");
    Files.writeString(
        file,
        """
        apiVersion: p2s.dev/v1alpha1
        kind: RootCertificate
        metadata: {name: huge}
        spec: {gatewayRef: {name: office}, publicCertData: "%s"}
        """
            .formatted("QUJD".repeat(512 * 1024)));
    Command.Result result = apply(file);
    assertThat(result.exitCode()).isNotZero();
    assertThat(result.errors()).contains("65536").hasSizeLessThan(4096);
  }

  /** Rules that compare with the object before are reckoned on changes only. */
  @ParameterizedTest
  @ValueSource(strings = {"valid-most-routes.yaml", "valid-most-groups.yaml"})
  void givenTheLargestGateway_whenMadeAndChanged_thenTheRulesStayWithinTheServersBudget(
      String file) {
    String path = FILES.resolve(file).toString();
    try {
      cluster.kubectl("create", "-n", NAMESPACE, "-f", path);
      assertThat(
              cluster.kubectl(
                  "patch",
                  "-n",
                  NAMESPACE,
                  "-f",
                  path,
                  "--type=merge",
                  "-p",
                  "{\"spec\": {\"mtu\": 1300}}"))
          .contains("patched");
    } finally {
      cluster.kubectl("delete", "-n", NAMESPACE, "--ignore-not-found", "-f", path);
    }
  }

  @Test
  void givenAGateway_whenScaledByKubectl_thenTheScaleSubresourceServes() {
    assertThat(
            cluster.kubectl(
                "get",
                "crd",
                "p2sgateways.p2s.dev",
                "-o",
                "jsonpath={.spec.versions[0].subresources.scale.specReplicasPath}"))
        .isEqualTo(".spec.scaling.replicas");
  }

  private static void judge(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    Command.Result result = apply(file);
    if (file.getFileName().toString().startsWith("valid-")) {
      assertThat(result.exitCode()).as(result.errors()).isZero();
      return;
    }
    String wanted = marked(lines, REFUSED).orElseThrow();
    assertThat(result.exitCode()).as("refused").isNotZero();
    assertThat(result.errors()).contains(wanted);
    marked(lines, NEVER).ifPresent(secret -> assertThat(result.errors()).doesNotContain(secret));
  }

  private static java.util.Optional<String> marked(List<String> lines, String mark) {
    return lines.stream()
        .filter(line -> line.startsWith(mark))
        .map(line -> line.substring(mark.length()))
        .findFirst();
  }

  private static Command.Result apply(Path file) {
    return cluster.tool(
        "kubectl", "create", "--dry-run=server", "-n", NAMESPACE, "-f", file.toString());
  }
}

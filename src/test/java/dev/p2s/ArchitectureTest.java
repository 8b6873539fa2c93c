package dev.p2s;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows between the rooms of the house (docs/design). */
class ArchitectureTest {

  /** Bytes. */
  private static final long LONGEST_SOURCE = 12 * 1024;

  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("dev.p2s");
  }

  @Test
  void thePureRoomsKnowNoClientAndNoFrame() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.p2s.addressing..", "dev.p2s.dataplane..", "dev.p2s.pki..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.fabric8..", "io.quarkus..", "io.vertx..", "io.javaoperatorsdk..", "jakarta..")
        .check(classes);
  }

  @Test
  void theRenderersTouchNoFileAndNoProcess() {
    noClasses()
        .that()
        .resideInAPackage("dev.p2s.dataplane..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.nio.file.Files")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.ProcessBuilder")
        .check(classes);
  }

  @Test
  void theAgentKnowsNoReconciler() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.p2s.agent..", "dev.p2s.netd..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.p2s.gateway..",
            "dev.p2s.rootcertificate..",
            "dev.p2s.clientprofile..",
            "dev.p2s.operator..",
            "dev.p2s.apply..",
            "io.javaoperatorsdk..")
        .check(classes);
  }

  @Test
  void netdKnowsOnlyTheRenderersAndItsOwn() {
    noClasses()
        .that()
        .resideInAPackage("dev.p2s.netd..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.p2s.agent..", "io.quarkus..", "io.vertx..", "io.fabric8..", "org.jboss..")
        .check(classes);
  }

  @Test
  void theProtocolsOfSstpKnowNoSocketAndNoThread() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.p2s.sstp.ppp..", "dev.p2s.sstp.control..", "dev.p2s.sstp.binding..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.p2s.sstp.server..",
            "dev.p2s.agent..",
            "io.netty..",
            "io.quarkus..",
            "java.net..",
            "java.util.concurrent..")
        .check(classes);
  }

  @Test
  void theSstpEndpointKnowsNoAgentAndNoFrame() {
    noClasses()
        .that()
        .resideInAPackage("dev.p2s.sstp..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.p2s.agent..", "io.quarkus..", "io.vertx..", "io.fabric8..", "jakarta..")
        .check(classes);
  }

  @Test
  void theOperatorKnowsNoAgent() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.p2s.gateway..",
            "dev.p2s.rootcertificate..",
            "dev.p2s.clientprofile..",
            "dev.p2s.operator..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.p2s.agent..", "dev.p2s.netd..")
        .check(classes);
  }

  @Test
  void noClassIsADrawerForEverything() {
    noClasses().should().haveSimpleNameEndingWith("Utils").check(classes);
    noClasses().should().haveSimpleNameEndingWith("Util").check(classes);
    noClasses().should().haveSimpleNameEndingWith("Helper").check(classes);
  }

  @Test
  void theApiDependsOnNothingOfOurs() {
    noClasses()
        .that()
        .resideInAPackage("dev.p2s.api..")
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAPackage("dev.p2s..")
                .and(not(JavaClass.Predicates.resideInAPackage("dev.p2s.api.."))))
        .check(classes);
  }

  @Test
  void thePackageFormatsKnowNoClient() {
    noClasses()
        .that()
        .resideInAPackage("dev.p2s.clientprofile.formats..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.fabric8..", "io.quarkus..", "io.javaoperatorsdk..", "jakarta..")
        .check(classes);
  }

  @Test
  void thePlansAndStatusesAskNoServer() {
    noClasses()
        .that()
        .haveSimpleNameEndingWith("Plan")
        .or()
        .haveSimpleNameEndingWith("StatusFactory")
        .or()
        .haveSimpleNameEndingWith("Validation")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.fabric8.kubernetes.client..")
        .check(classes);
  }

  @Test
  void noSourceIsTooLongToReadAtOnce() throws IOException {
    try (Stream<Path> sources = Files.walk(Path.of("src"))) {
      assertThat(sources.filter(source -> source.toString().endsWith(".java")))
          .isNotEmpty()
          .allSatisfy(
              source ->
                  assertThat(Files.size(source))
                      .as("bytes of %s; split it by what it does", source)
                      .isLessThanOrEqualTo(LONGEST_SOURCE));
    }
  }
}

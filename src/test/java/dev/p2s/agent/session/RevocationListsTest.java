package dev.p2s.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.session.ClientCertificate.Thumbprints;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.GatewayState.TrustedRoot;
import dev.p2s.dataplane.RevocationSource;
import dev.p2s.dataplane.States;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.CertificateRevocationList;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import dev.p2s.pki.SignedLists;
import dev.p2s.pki.Thumbprint;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RevocationListsTest {

  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
  private static final Instant NEXT = NOW.plus(Duration.ofDays(1));
  private static final CertificateAuthority ROOT =
      CertificateAuthority.selfSigned(
          "Corp root", KeyKind.EC_P256, Duration.ofDays(30), NOW, new SecureRandom());
  private static final CertificateAuthority ISSUING =
      SignedLists.below(ROOT, "Corp issuing", NOW.minusSeconds(60), NEXT, -1);
  private static final X509Certificate ALICE = person(ROOT, "alice");
  private static final X509Certificate BOB = person(ISSUING, "bob");

  @Test
  void givenAListThatNamesTheCertificate_whenJudged_thenItIsRevokedWhetherInOrComing() {
    RevocationLists lists = lists(ROOT, ALICE.getSerialNumber());

    assertThat(inside(shown(ALICE, ROOT), lists)).contains(Refusal.Reason.REVOKED);
    assertThat(atTheDoor(shown(ALICE, ROOT), lists, true)).contains(Refusal.Reason.REVOKED);
    assertThat(atTheDoor(shown(person(ROOT, "alice"), ROOT), lists, true)).isEmpty();
  }

  @Test
  void givenNoListOrOneThatIsOver_whenJudged_thenNewcomersWaitAndWhoIsInStays() {
    RevocationLists over =
        new RevocationLists(
            Map.of(
                sha256(ROOT.certificate()),
                read(SignedLists.of(ROOT, NOW.minusSeconds(60), NOW.minusSeconds(1)))));

    for (RevocationLists lists : List.of(RevocationLists.NONE, over)) {
      assertThat(atTheDoor(shown(ALICE, ROOT), lists, true))
          .contains(Refusal.Reason.REVOCATION_UNKNOWN);
      assertThat(atTheDoor(shown(ALICE, ROOT), lists, false)).isEmpty();
      assertThat(inside(shown(ALICE, ROOT), lists)).isEmpty();
    }
    assertThat(Refusal.Reason.REVOCATION_UNKNOWN.lasting()).isFalse();
  }

  @Test
  void givenAListOfTheRoot_whenAClientOfAnIntermediateComes_thenItLeavesOpenWhatItCannotKnow() {
    RevocationLists lists = lists(ROOT);

    assertThat(atTheDoor(shown(BOB, ISSUING, ROOT), lists, true))
        .contains(Refusal.Reason.REVOCATION_UNKNOWN);
    assertThat(atTheDoor(shown(BOB, ISSUING, ROOT), lists, false)).isEmpty();
    assertThat(atTheDoor(shown(BOB, ISSUING, ROOT), lists(ISSUING), true)).isEmpty();
  }

  @Test
  void givenTheRootTakesTheIntermediateBack_whenItsClientsAreJudged_thenAllAreRevoked() {
    RevocationLists lists = lists(ROOT, ISSUING.certificate().getSerialNumber());

    assertThat(inside(shown(BOB, ISSUING, ROOT), lists)).contains(Refusal.Reason.REVOKED);
  }

  @Test
  void givenTheSameNumberOfAnotherIssuer_whenJudged_thenItIsAnotherCertificate() {
    assertThat(inside(shown(ALICE, ROOT), lists(ISSUING, ALICE.getSerialNumber()))).isEmpty();
  }

  @Test
  void givenAChainThatEndsAtAnIntermediate_whenCompleted_thenItEndsAtTheRoot() {
    TrustedChains chains = TrustedChains.of(state(true));

    assertThat(chains.complete(shown(BOB, ISSUING))).isEqualTo(shown(BOB, ISSUING, ROOT));
    assertThat(chains.complete(shown(ALICE, ROOT))).isEqualTo(shown(ALICE, ROOT));
    assertThat(TrustedChains.NONE.complete(shown(BOB, ISSUING))).isEqualTo(shown(BOB, ISSUING));
  }

  @Test
  void givenACertificateWhoseNumberNobodyTold_whenJudged_thenItIsLeftOpen() {
    Thumbprints own = new Thumbprints("1".repeat(40), "2".repeat(64));
    ClientCertificate carol =
        new ClientCertificate("carol", List.of(own, Thumbprints.of(ROOT.certificate())));

    assertThat(atTheDoor(carol, lists(ROOT), true)).contains(Refusal.Reason.REVOCATION_UNKNOWN);
  }

  private static Optional<Refusal.Reason> inside(ClientCertificate shown, RevocationLists lists) {
    return Admission.objection(shown, state(true), lists, NOW).map(Refusal::reason);
  }

  private static Optional<Refusal.Reason> atTheDoor(
      ClientCertificate shown, RevocationLists lists, boolean refuse) {
    return Admission.objectionAtTheDoor(shown, state(refuse), lists, NOW).map(Refusal::reason);
  }

  private static GatewayState state(boolean refuse) {
    return States.gateway()
        .authentications(AuthenticationType.Certificate)
        .checkedRoots(
            new TrustedRoot(
                "corp",
                sha256(ROOT.certificate()),
                Pem.certificate(ROOT.certificate()),
                List.of(Pem.certificate(ISSUING.certificate())),
                new RevocationSource(List.of("http://pki.example/root.crl"), refuse)))
        .build();
  }

  private static RevocationLists lists(CertificateAuthority signer, BigInteger... serials) {
    return new RevocationLists(
        Map.of(
            sha256(ROOT.certificate()),
            read(SignedLists.of(signer, NOW.minusSeconds(60), NEXT, serials))));
  }

  private static CertificateRevocationList read(byte[] list) {
    return CertificateRevocationList.read(
        list, List.of(ROOT.certificate(), ISSUING.certificate()), NOW);
  }

  private static ClientCertificate shown(X509Certificate own, CertificateAuthority... above) {
    return new ClientCertificate(
        "somebody",
        Stream.concat(Stream.of(own), Stream.of(above).map(CertificateAuthority::certificate))
            .map(Thumbprints::of)
            .toList());
  }

  private static X509Certificate person(CertificateAuthority issuer, String name) {
    return issuer
        .issueClient(name, KeyKind.EC_P256, Duration.ofDays(1), NOW, new SecureRandom())
        .certificate();
  }

  private static String sha256(X509Certificate certificate) {
    return Thumbprint.sha256(certificate).hex();
  }
}

package dev.p2s.agent.ikev2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.session.RevocationLists;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.States;
import dev.p2s.dataplane.ikev2.ViciSection;
import dev.p2s.dataplane.ikev2.ViciSection.Scalar;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Thumbprint;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.junit.jupiter.api.Test;

class OcspDeskTest {

  private static final Duration DAY = Duration.ofDays(1);
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final SecureRandom random = new SecureRandom();
  private final CertificateAuthority office = root("Office");
  private final CertificateAuthority.Leaf alice = person("alice");
  private final OcspSigner signer = OcspSigner.create(NOW, random);
  private final StandIns standIns = new StandIns(NOW, random);
  private final PeerCertificates certificates = new PeerCertificates(standIns);
  private final List<X509Certificate> shown = new ArrayList<>(List.of(office.certificate()));
  private GatewayState state = trusting(office);
  private RevocationLists lists = RevocationLists.NONE;
  private final OcspDesk desk =
      new OcspDesk(
          certificates,
          signer,
          () -> CompletableFuture.completedFuture(shown.stream().map(OcspDeskTest::entry).toList()),
          () -> Optional.ofNullable(state),
          () -> lists,
          Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void givenAWelcomeCertificate_whenCharonAsks_thenItIsGoodForAMoment() throws Exception {
    shown.add(alice.certificate());

    SingleResp answer = answer(alice.certificate());

    assertThat(answer.getCertStatus()).isEqualTo(CertificateStatus.GOOD);
    assertThat(answer.getNextUpdate().toInstant()).isBetween(NOW, NOW.plusSeconds(3));
    assertThat(certificates.shownBy("CN=alice", NOW))
        .singleElement()
        .satisfies(
            shown -> {
              assertThat(shown.commonName()).isEqualTo("alice");
              assertThat(shown.thumbprint())
                  .isEqualTo(Thumbprint.sha256(alice.certificate()).hex());
              assertThat(shown.anchor().sha256())
                  .isEqualTo(Thumbprint.sha256(office.certificate()).hex());
            });
    assertThat(certificates.shownBy("CN=bob", NOW)).isEmpty();
    assertThat(certificates.shownBy("CN=alice", NOW.plusSeconds(60))).isEmpty();
  }

  @Test
  void givenAWelcomeCertificate_whenItsClientHasToWait_thenCharonHearsOfItAfterwards()
      throws Exception {
    shown.add(alice.certificate());
    CompletableFuture<Runnable> waiting = new CompletableFuture<>();
    desk.tell((certificate, letIn) -> waiting.complete(letIn));

    CompletableFuture<SingleResp> answer = new CompletableFuture<>();
    Thread charon = Thread.ofVirtual().start(() -> answer.complete(checked(alice.certificate())));
    Runnable letIn = waiting.get(5, TimeUnit.SECONDS);

    assertThat(answer).isNotDone();
    letIn.run();
    charon.join();
    assertThat(answer.join().getCertStatus()).isEqualTo(CertificateStatus.GOOD);
  }

  @Test
  void givenARevokedCertificate_whenCharonAsks_thenNobodyWaitsForItsClient() {
    shown.add(alice.certificate());
    state = trusting(root("Other"));
    desk.tell(
        (certificate, letIn) -> {
          throw new AssertionError("told of " + certificate);
        });

    assertThat(checked(alice.certificate()).getCertStatus()).isInstanceOf(RevokedStatus.class);
  }

  @Test
  void givenARevokedCertificate_whenCharonAsks_thenItIsRefusedAndNotForLater() throws Exception {
    shown.add(alice.certificate());
    state =
        States.gateway()
            .roots(Thumbprint.sha256(office.certificate()).hex())
            .revoked(
                List.of(
                    new GatewayState.Revocation(
                        "lost", Thumbprint.sha1(alice.certificate()).hex())))
            .build();

    SingleResp answer = answer(alice.certificate());

    assertThat(answer.getCertStatus()).isInstanceOf(RevokedStatus.class);
    assertThat(answer.getNextUpdate().toInstant()).isBefore(NOW);
    assertThat(certificates.shownBy("CN=alice", NOW)).isEmpty();
  }

  @Test
  void givenARevokedAndAGoodCertificateOfOneName_whenCharonAsks_thenEachHasItsOwnAnswer()
      throws Exception {
    CertificateAuthority.Leaf newer = person("alice");
    shown.addAll(List.of(alice.certificate(), newer.certificate()));
    state =
        States.gateway()
            .roots(Thumbprint.sha256(office.certificate()).hex())
            .revoked(
                List.of(
                    new GatewayState.Revocation(
                        "lost", Thumbprint.sha256(alice.certificate()).hex())))
            .build();

    assertThat(answer(alice.certificate()).getCertStatus()).isInstanceOf(RevokedStatus.class);
    assertThat(answer(newer.certificate()).getCertStatus()).isEqualTo(CertificateStatus.GOOD);
    assertThat(certificates.shownBy("CN=alice", NOW))
        .singleElement()
        .satisfies(
            one ->
                assertThat(one.thumbprint())
                    .isEqualTo(Thumbprint.sha256(newer.certificate()).hex()));
  }

  @Test
  void givenARootThatIsTrustedNoLonger_whenCharonAsks_thenItsClientsAreRefused() throws Exception {
    shown.add(alice.certificate());
    state = trusting(root("Other"));

    assertThat(answer(alice.certificate()).getCertStatus()).isInstanceOf(RevokedStatus.class);
  }

  @Test
  void givenARootThatDoesNotSignItself_whenCharonAsks_thenItsStandInEndsTheChain()
      throws Exception {
    X509Certificate issuing = root("Above").issueStandIn(office.certificate(), DAY, NOW);
    shown.clear();
    shown.addAll(List.of(alice.certificate(), standIns.standInOf(issuing), standIns.authority()));
    state = States.gateway().roots(Thumbprint.sha256(issuing).hex()).build();

    assertThat(StandIns.isNeededFor(issuing)).isTrue();
    assertThat(StandIns.isNeededFor(office.certificate())).isFalse();
    assertThat(answer(alice.certificate()).getCertStatus()).isEqualTo(CertificateStatus.GOOD);
    assertThat(certificates.shownBy("CN=alice", NOW))
        .singleElement()
        .satisfies(
            one -> assertThat(one.anchor().sha256()).isEqualTo(Thumbprint.sha256(issuing).hex()));
    state = trusting(root("Other"));
    assertThat(answer(alice.certificate()).getCertStatus()).isInstanceOf(RevokedStatus.class);
  }

  @Test
  void givenACertificateThatCharonDoesNotShow_whenAsked_thenTheClientShallTryAgain()
      throws Exception {
    assertThat(status(alice.certificate())).isEqualTo(OCSPRespBuilder.TRY_LATER);
  }

  @Test
  void givenNoState_whenAsked_thenTheClientShallTryAgain() throws Exception {
    shown.add(alice.certificate());
    state = null;

    assertThat(status(alice.certificate())).isEqualTo(OCSPRespBuilder.TRY_LATER);
  }

  @Test
  void givenANameThatCharonCannotPrint_whenItTellsOfItsClient_thenTheCertificateIsFound()
      throws Exception {
    CertificateAuthority.Leaf zoe = person("Zoë \"; drop");
    shown.add(zoe.certificate());
    answer(zoe.certificate());

    assertThat(certificates.shownBy("CN=Zo?? \"; drop", NOW)).hasSize(1);
  }

  @Property(tries = 200)
  void anyOctets_getAnAnswer(@ForAll @Size(max = 200) byte[] octets) throws Exception {
    assertThat(new OCSPResp(desk.answer(octets)).getStatus())
        .isIn(OCSPRespBuilder.MALFORMED_REQUEST, OCSPRespBuilder.TRY_LATER);
  }

  private int status(X509Certificate certificate) throws Exception {
    return new OCSPResp(desk.answer(request(certificate))).getStatus();
  }

  private SingleResp checked(X509Certificate certificate) {
    try {
      return answer(certificate);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private SingleResp answer(X509Certificate certificate) throws Exception {
    BasicOCSPResp response =
        (BasicOCSPResp) new OCSPResp(desk.answer(request(certificate))).getResponseObject();
    assertThat(
            response.isSignatureValid(
                new JcaContentVerifierProviderBuilder().build(signer.certificate())))
        .isTrue();
    return response.getResponses()[0];
  }

  private byte[] request(X509Certificate certificate) throws Exception {
    BigInteger serial = certificate.getSerialNumber();
    return new OCSPReqBuilder()
        .addRequest(
            new CertificateID(
                new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1),
                new JcaX509CertificateHolder(office.certificate()),
                serial))
        .build()
        .getEncoded();
  }

  private static ViciSection entry(X509Certificate certificate) {
    try {
      return new ViciSection(
          Map.of(
              "data",
              new Scalar(new String(certificate.getEncoded(), StandardCharsets.ISO_8859_1))));
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static GatewayState trusting(CertificateAuthority root) {
    return States.gateway().roots(Thumbprint.sha256(root.certificate()).hex()).build();
  }

  private CertificateAuthority root(String name) {
    return CertificateAuthority.selfSigned(name, KeyKind.EC_P256, Duration.ofDays(2), NOW, random);
  }

  private CertificateAuthority.Leaf person(String name) {
    return office.issueClient(name, KeyKind.EC_P256, Duration.ofDays(1), NOW, random);
  }
}

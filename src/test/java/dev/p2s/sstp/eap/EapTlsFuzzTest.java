package dev.p2s.sstp.eap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.cluster.Endurance;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.sstp.fuzz.Mutants;
import dev.p2s.sstp.fuzz.Spent;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** TLS inside EAP under answers that are nearly right: nobody is ever known by them. */
@Tag(Endurance.TAG)
class EapTlsFuzzTest {

  private static final int BATCH = 500;
  // a ClientHello of TLS 1.2 with nothing in it but what has to be
  private static final String HELLO =
      "0d00 160301004b 01000047 0303"
          + "5a".repeat(32)
          + "00 0004 c02bc02f 0100 001a 000a00040002001d 000d00080006040304010804 000b00020100";

  private final EapTlsServer server = server();

  @Property(tries = 20)
  void givenAnyAnswers_whenTheyAreTaken_thenNobodyIsKnownAndNothingIsThrown(@ForAll long seed) {
    Mutants mutants =
        Mutants.of(
            seed,
            HELLO,
            "01616c696365",
            "0d00",
            "0d40",
            "0dc0 00000100" + "16".repeat(40),
            "0d80 00000007 15030300020228",
            "0304");
    EapTlsConversation[] conversation = {server.begin()};
    int[] left = {0};
    Spent.on(
        BATCH,
        2_000_000,
        () -> {
          if (left[0]-- <= 0) {
            conversation[0] = server.begin();
            conversation[0].take(new byte[] {1, 'a'});
            left[0] = mutants.below(6);
          }
          EapTlsConversation.Outcome outcome = conversation[0].take(mutants.next());
          assertThat(outcome).isNotInstanceOf(EapTlsConversation.Outcome.Known.class);
          if (outcome instanceof EapTlsConversation.Outcome.Failed) {
            left[0] = 0;
          }
        });
  }

  private static EapTlsServer server() {
    try {
      SecureRandom random = new SecureRandom();
      CertificateAuthority authority =
          CertificateAuthority.selfSigned(
              "Servers", KeyKind.EC_P256, Duration.ofDays(2), Instant.now(), random);
      CertificateAuthority.Leaf leaf =
          authority.issueServer(
              "gw", List.of("gw"), KeyKind.EC_P256, Duration.ofDays(1), Instant.now(), random);
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("own", leaf.key(), new char[0], new X509Certificate[] {leaf.certificate()});
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, new char[0]);
      return new EapTlsServer(keys, List.of(authority.certificate()));
    } catch (java.io.IOException | java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}

package dev.p2s.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CertificateRequestTest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final KeyPair KEYS = KeyKind.EC_P256.generate(RANDOM);
  private static final byte[] DER = TestRequests.der(KEYS.getPublic(), KEYS.getPrivate());

  @ParameterizedTest
  @EnumSource(KeyKind.class)
  void givenARequest_whenRead_thenItsKeyIsFound(KeyKind kind) {
    KeyPair keys = kind.generate(RANDOM);

    assertThat(
            CertificateRequest.key(
                TestRequests.pem(TestRequests.der(keys.getPublic(), keys.getPrivate()))))
        .isEqualTo(keys.getPublic());
  }

  @Test
  void givenARequestForAnothersKey_whenRead_thenItIsRefused() {
    PublicKey another = KeyKind.EC_P256.generate(RANDOM).getPublic();

    refused(
        TestRequests.pem(TestRequests.der(another, KEYS.getPrivate())),
        "signature is not by its own key");
  }

  @Test
  void givenAWeakKey_whenRead_thenItSaysWhichAreTaken() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024, RANDOM);
    KeyPair weak = generator.generateKeyPair();

    refused(
        TestRequests.pem(TestRequests.der(weak.getPublic(), weak.getPrivate())),
        "use RSA of 2048 to 8192 bits, or EC");
  }

  @Test
  void givenAPrivateKey_whenRead_thenItIsCalledExposedAndNotEchoed() {
    String key = Pem.key(KEYS.getPrivate());

    refused(key, "holds a PRIVATE KEY; treat it as exposed");
    assertThat(catchThrowable(() -> CertificateRequest.key(key)))
        .hasMessageNotContaining(key.lines().skip(1).findFirst().orElseThrow());
  }

  @Test
  void givenSomethingElse_whenRead_thenItSaysHowARequestIsMade() {
    refused("", "is no certificate request in PEM; make one with openssl req -new");
    refused("-----BEGIN CERTIFICATE REQUEST-----", "is no certificate request");
    refused(
        TestRequests.pem(DER) + "x".repeat(CertificateRequest.LIMIT), "is no certificate request");
  }

  @Property(tries = 2000)
  void anyBytesOfARequestReplaced_areRefusedInWordsOrLeaveTheKeyProved(
      @ForAll @IntRange(max = 10_000) int at, @ForAll @ByteRange(min = -128) byte value) {
    byte[] broken = DER.clone();
    broken[at % DER.length] = value;

    Throwable thrown = catchThrowable(() -> CertificateRequest.key(TestRequests.pem(broken)));

    assertThat(thrown)
        .satisfiesAnyOf(
            none -> assertThat(none).isNull(),
            refusal -> assertThat(refusal).isExactlyInstanceOf(IllegalArgumentException.class));
  }

  private static void refused(String pem, String because) {
    assertThatThrownBy(() -> CertificateRequest.key(pem))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(because);
  }
}

package dev.p2s.pki;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.junit.jupiter.api.Test;

class CertificateRevocationListTest {

  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
  private static final Instant NEXT = NOW.plus(Duration.ofDays(7));
  private static final CertificateAuthority ROOT = authority("Corp root");
  private static final CertificateAuthority ISSUING =
      SignedLists.below(ROOT, "Corp issuing", NOW.minusSeconds(60), NEXT, -1);
  private static final CertificateAuthority STRANGER = authority("Corp root");
  private static final List<X509Certificate> CHAIN =
      List.of(ROOT.certificate(), ISSUING.certificate());
  private static final BigInteger LOST = new BigInteger("7f00ff", 16);

  @Test
  void givenAListOfTheRoot_whenRead_thenItNamesWhatItNamesAndSaysWhoseItIs() {
    CertificateRevocationList list = read(SignedLists.of(ROOT, NOW, NEXT, LOST));

    assertThat(list.signer()).isEqualTo(Thumbprint.sha256(ROOT.certificate()).hex());
    assertThat(list.revoked().contains(LOST)).isTrue();
    assertThat(list.revoked().contains(LOST.negate())).isTrue();
    assertThat(list.revoked().contains(LOST.add(BigInteger.ONE))).isFalse();
    assertThat(list.revoked().size()).isEqualTo(1);
    assertThat(list.isStale(NEXT)).isFalse();
    assertThat(list.isStale(NEXT.plusSeconds(1))).isTrue();
  }

  @Test
  void givenAListOfAnIntermediateAsPem_whenRead_thenItIsTheIntermediates() {
    String pem =
        "-----BEGIN X509 CRL-----\n"
            + Base64.getMimeEncoder().encodeToString(SignedLists.of(ISSUING, NOW, NEXT, LOST))
            + "\n-----END X509 CRL-----\n";

    assertThat(read(pem.getBytes(US_ASCII)).signer())
        .isEqualTo(Thumbprint.sha256(ISSUING.certificate()).hex());
  }

  @Test
  void givenAListOfAnotherWithTheRootsName_whenRead_thenItIsRefused() {
    refused(SignedLists.of(STRANGER, NOW, NEXT), "is not signed by whom it names");
    refused(SignedLists.of(authority("Other"), NOW, NEXT), "is not of the root");
  }

  @Test
  void givenAListThatIsChangedAfterwards_whenRead_thenItIsRefused() {
    byte[] list = SignedLists.of(ROOT, NOW, NEXT, LOST);
    String hex = java.util.HexFormat.of().formatHex(list);
    byte[] changed = java.util.HexFormat.of().parseHex(hex.replace("7f00ff", "7f00fe"));

    refused(changed, "is not signed by whom it names");
  }

  @Test
  void givenAListOfOtherKindsThanWhole_whenRead_thenItIsRefusedByName() {
    refused(
        SignedLists.with(ROOT, NOW, NEXT, Extension.deltaCRLIndicator, new ASN1Integer(1)),
        "is a delta; name the whole list");
    refused(
        SignedLists.with(
            ROOT,
            NOW,
            NEXT,
            Extension.issuingDistributionPoint,
            new IssuingDistributionPoint(null, false, true, null, false, false)),
        "is not about all that its issuer has taken back");
    refused(
        SignedLists.with(ROOT, NOW, NEXT, new ASN1ObjectIdentifier("1.2.3.4"), DERNull.INSTANCE),
        "has a critical extension 1.2.3.4");
    refused(
        SignedLists.signed(ROOT, SignedLists.list(ROOT, NOW, null, List.of())),
        "does not say when the next one comes");
    refused(SignedLists.of(ROOT, NOW.plus(Duration.ofHours(1)), NEXT), "is yet to come");
  }

  @Test
  void givenAListForUsersCertificatesOnly_whenRead_thenItCounts() {
    assertThat(
            read(SignedLists.with(
                    ROOT,
                    NOW,
                    NEXT,
                    Extension.issuingDistributionPoint,
                    new IssuingDistributionPoint(null, true, false, null, false, false)))
                .revoked()
                .size())
        .isZero();
  }

  @Test
  void givenWhatIsNoList_whenRead_thenThatIsSaidAndNothingBreaks() {
    refused("<html>404</html>".getBytes(US_ASCII), "is no certificate revocation list");
    refused(new byte[0], "is no certificate revocation list");
    refused(new byte[CertificateRevocationList.LIMIT + 1], "is longer than 2097152 bytes");
    refused("-----BEGIN X509 CRL-----\nMIIB".getBytes(US_ASCII), "is PEM without an END line");
    byte[] deep = new byte[1_000_000];
    for (int i = 0; i < deep.length; i += 2) {
      deep[i] = 0x31;
      deep[i + 1] = (byte) 0x80;
    }
    refused(deep, "is no certificate revocation list");
  }

  @Property(tries = 100)
  void givenAnySerials_whenListed_thenTheseAreNamedAndNoOthers(
      @ForAll @Size(max = 40)
          Set<@BigRange(min = "1", max = "1000000000000000000000") BigInteger> in,
      @ForAll @BigRange(min = "1", max = "1000000000000000000000") BigInteger other) {
    CertificateRevocationList list =
        read(SignedLists.of(ROOT, NOW, NEXT, in.toArray(BigInteger[]::new)));

    assertThat(in).allMatch(list.revoked()::contains);
    assertThat(list.revoked().contains(other)).isEqualTo(in.contains(other));
    assertThat(list.revoked().size())
        .isEqualTo(in.stream().collect(Collectors.toUnmodifiableSet()).size());
  }

  @Property(tries = 400)
  void givenAListWithAnyByteChanged_whenRead_thenItIsRefusedOrTheSame(
      @ForAll @IntRange(max = 399) int place, @ForAll byte value) {
    byte[] list = SignedLists.of(ROOT, NOW, NEXT, LOST);
    CertificateRevocationList before = read(list);
    list[place % list.length] = value;

    try {
      assertThat(read(list)).isEqualTo(before);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageMatching("[^\\p{Cntrl}]{1,200}");
    }
  }

  @Property
  void givenAnyBytes_whenRead_thenTheyAreRefused(@ForAll byte[] any) {
    assertThatThrownBy(() -> read(any)).isInstanceOf(IllegalArgumentException.class);
  }

  private static CertificateRevocationList read(byte[] text) {
    return CertificateRevocationList.read(text, CHAIN, NOW);
  }

  private static void refused(byte[] text, String because) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(because);
  }

  private static CertificateAuthority authority(String commonName) {
    return CertificateAuthority.selfSigned(
        commonName, KeyKind.EC_P256, Duration.ofDays(30), NOW, new SecureRandom());
  }
}

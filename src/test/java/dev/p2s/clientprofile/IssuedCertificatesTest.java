package dev.p2s.clientprofile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.clientprofile.IssuedCertificates.Issued;
import dev.p2s.clientprofile.IssuedCertificates.TakenBack;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class IssuedCertificatesTest {

  private static final String ONE = "1".repeat(64);
  private static final String TWO = "2".repeat(64);
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  @Test
  void givenEntriesInForceAndTakenBack_whenRead_thenOnlyTheLatterAreRevoked() {
    IssuedCertificates ledger =
        IssuedCertificates.of(
            ledger(
                entry(ONE, ""),
                entry(TWO, "Deleted"),
                entry("3".repeat(64), "Suspended"),
                entry("4".repeat(64), "NotAllowed"),
                entry("5".repeat(64), "Replaced")));

    assertThat(ledger.revoked())
        .extracting(Issued::sha256)
        .containsExactly(TWO, "3".repeat(64), "4".repeat(64), "5".repeat(64));
  }

  @Test
  void givenAReasonOfALaterVersion_whenRead_thenItIsTakenBackForGood() {
    Issued issued = entry(ONE, "Quarantined");

    assertThat(IssuedCertificates.of(ledger(issued)).revoked()).containsExactly(issued);
    assertThat(issued.reason()).hasValueSatisfying(why -> assertThat(why.forGood()).isTrue());
  }

  @Test
  void givenALedgerOfAnEarlierVersion_whenRead_thenWhatItDoesNotTellIsNoHindrance() {
    Secret secret =
        raw(
            "{\"namespace\":\"vpn\",\"profile\":\"alice\",\"sha256\":\""
                + ONE
                + "\",\"serial\":\"7\",\"notAfter\":\"2027-01-01T00:00:00Z\","
                + "\"revoked\":\"Deleted\",\"hologram\":1}");

    assertThat(IssuedCertificates.of(secret).revoked())
        .singleElement()
        .satisfies(issued -> assertThat(issued.user()).isEmpty())
        .satisfies(issued -> assertThat(issued.namesAnother("alice")).isFalse());
  }

  @Property
  void anyText_hidesNoOtherEntryAndIsNeverAnException(@ForAll String text) {
    Secret secret = ledger(entry(TWO, "Deleted"));
    secret
        .getData()
        .put(ONE, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    secret.getData().put("other", text);

    assertThat(IssuedCertificates.of(secret).revoked()).extracting(Issued::sha256).contains(TWO);
  }

  @Test
  void givenDamagedEntries_whenRead_thenTheyCountForNothing() {
    for (String damaged :
        List.of(
            "null",
            "[]",
            "{}",
            "{\"namespace\":\"vpn\",\"profile\":\"alice\",\"sha256\":\"zz\"}",
            "{\"namespace\":\"vpn\",\"profile\":\"alice\",\"sha256\":\""
                + ONE
                + "\",\"notAfter\":\"soon\",\"revoked\":\"Deleted\"}")) {
      assertThat(IssuedCertificates.of(raw(damaged)).matching(any -> true)).as(damaged).isEmpty();
    }
  }

  @Test
  void givenAnEntry_whenTakenBackAndGivenBack_thenItIsAsItWas() {
    Issued issued = entry(ONE, "");

    assertThat(issued.because(Optional.of(TakenBack.Suspended)).reason())
        .hasValue(TakenBack.Suspended);
    assertThat(issued.because(Optional.of(TakenBack.Suspended)).because(Optional.empty()))
        .isEqualTo(issued);
    assertThat(issued.hasEnded(NOW)).isFalse();
    assertThat(issued.hasEnded(Instant.parse("2027-01-01T00:00:01Z"))).isTrue();
    assertThat(issued.namesAnother("bob@example.com")).isTrue();
    assertThat(issued.namesAnother("alice@example.com")).isFalse();
  }

  private static Issued entry(String sha256, String revoked) {
    return new Issued(
        "vpn", "alice", sha256, "7", "2027-01-01T00:00:00Z", revoked, "alice@example.com");
  }

  private static Secret ledger(Issued... entries) {
    Map<String, String> data = new TreeMap<>();
    for (Issued issued : entries) {
      data.put(issued.sha256(), IssuedCertificates.encoded(issued));
    }
    return new SecretBuilder().withNewMetadata().endMetadata().withData(data).build();
  }

  private static Secret raw(String json) {
    return new SecretBuilder()
        .withNewMetadata()
        .endMetadata()
        .addToData(ONE, Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8)))
        .build();
  }
}

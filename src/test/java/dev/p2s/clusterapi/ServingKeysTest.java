package dev.p2s.clusterapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.pki.Pem;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServingKeysTest {

  private static final String HOST = "p2s-api.p2s-system.svc";

  private final SecureRandom random = new SecureRandom();
  private final Instant now = Instant.now();
  private final ServingKeys keys = ServingKeys.made(HOST, now, random);

  @Test
  void givenNewKeys_whenKeptAndReadAgain_thenTheyAreTheSameAndFitTheService() throws Exception {
    assertThat(ServingKeys.of(keys.entries())).hasValue(keys);
    var certificate = Pem.parseCertificate(keys.certificate());
    certificate.verify(Pem.parseCertificate(keys.authority()).getPublicKey());
    assertThat(certificate.getSubjectAlternativeNames().toString()).contains(HOST);
    assertThat(keys.renewed(HOST, now, random)).isEqualTo(keys);
    assertThat(keys.toString()).doesNotContain("KEY");
  }

  @Test
  void givenACertificateThatEndsSoonOrNamesAnother_whenLookedAt_thenItIsRenewedByTheSameCa() {
    ServingKeys later = keys.renewed(HOST, now.plus(Duration.ofDays(340)), random);
    assertThat(later.authority()).isEqualTo(keys.authority());
    assertThat(later.certificate()).isNotEqualTo(keys.certificate());

    ServingKeys moved = keys.renewed("other.p2s-system.svc", now, random);
    assertThat(moved.authority()).isEqualTo(keys.authority());
    assertThat(moved.certificate()).isNotEqualTo(keys.certificate());
  }

  @Test
  void givenADamagedSecret_whenRead_thenThereAreNoKeys() {
    assertThat(ServingKeys.of(Map.of())).isEmpty();
    for (String entry : keys.entries().keySet()) {
      Map<String, String> damaged = new HashMap<>(keys.entries());
      damaged.put(entry, "damaged");
      assertThat(ServingKeys.of(damaged)).as(entry).isEmpty();
    }
  }
}

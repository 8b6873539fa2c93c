package dev.p2s.agent.radius;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.api.v1alpha1.AuthenticationType;
import java.time.Instant;
import java.util.List;
import org.aaa4j.radius.core.attribute.Attribute;
import org.aaa4j.radius.core.attribute.attributes.AcctInputPackets;
import org.aaa4j.radius.core.attribute.attributes.AcctOutputPackets;
import org.junit.jupiter.api.Test;

/** A record as the attributes of RFC 2866. */
class AccountingRequestsTest {

  @Test
  void givenAnEnd_whenWritten_thenThePacketsOfBothDirectionsAreTold() {
    List<Attribute<?>> attributes =
        AccountingRequests.of(record(AccountingRecord.Status.STOP), "vpn/office", Instant.EPOCH);

    assertThat(attributes)
        .filteredOn(AcctInputPackets.class::isInstance)
        .extracting(attribute -> ((AcctInputPackets) attribute).getData().getValue())
        .containsExactly(9_000_000);
    assertThat(attributes)
        .filteredOn(AcctOutputPackets.class::isInstance)
        .extracting(attribute -> ((AcctOutputPackets) attribute).getData().getValue())
        .containsExactly(4);
  }

  @Test
  void givenABeginning_whenWritten_thenNoPacketsAreTold() {
    assertThat(
            AccountingRequests.of(
                record(AccountingRecord.Status.START), "vpn/office", Instant.EPOCH))
        .noneMatch(AcctInputPackets.class::isInstance)
        .noneMatch(AcctOutputPackets.class::isInstance);
  }

  private static AccountingRecord record(AccountingRecord.Status status) {
    return new AccountingRecord(
        status,
        "a1",
        0,
        "alice",
        AuthenticationType.RADIUS,
        "OpenVPN",
        "10.8.0.9",
        "192.0.2.7:4711",
        List.of(),
        90,
        7_000_000_000L,
        1234,
        null,
        9_000_000,
        4);
  }
}

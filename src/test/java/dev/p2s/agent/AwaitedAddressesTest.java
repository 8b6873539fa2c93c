package dev.p2s.agent;

import static dev.p2s.agent.TestGateway.ROOT;
import static dev.p2s.agent.TestGateway.SLOT;
import static dev.p2s.agent.TestGateway.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import dev.p2s.agent.openvpn.ManagementMessage.ClientEvent;
import dev.p2s.agent.openvpn.ManagementMessage.Kind;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.Holding;
import dev.p2s.dataplane.LastAddress;
import dev.p2s.dataplane.Share;
import dev.p2s.dataplane.States;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AwaitedAddressesTest {

  private static final String ELSEWHERE = "10.8.0.200";

  @TempDir Path directory;
  private TestGateway gateway;

  @BeforeEach
  void oneOfTwoPods() throws IOException {
    gateway = new TestGateway(directory);
    gateway.follow(shares("10.8.0.0/25"));
  }

  @Test
  void givenSomebodyHadAnAddressElsewhere_whenTheyArrive_thenTheyWaitUntilThePodMayUseIt() {
    gateway.awaited.follow(List.of(lastOf(7, ELSEWHERE)));

    connect(7);
    assertThat(gateway.happened).as("nobody is told anything").isEmpty();
    assertThat(gateway.awaited.claims()).containsExactly(Cidr.parse(ELSEWHERE));

    gateway.follow(shares("10.8.0.0/25", ELSEWHERE + "/32"));
    gateway.policy.flush();
    assertThat(gateway.happened.getLast())
        .startsWith("server client-auth 7 1\nifconfig-push " + ELSEWHERE + " ");
    assertThat(gateway.awaited.claims()).isEmpty();

    gateway.afterPatience.forEach(Runnable::run);
    gateway.policy.flush();
    assertThat(gateway.table.size()).as("decided on once").isEqualTo(1);
  }

  @Test
  void givenTheAddressStaysElsewhere_whenThePatienceIsOver_thenTheyGetAnother() {
    gateway.awaited.follow(List.of(lastOf(7, ELSEWHERE)));
    connect(7);

    gateway.afterPatience.forEach(Runnable::run);
    gateway.policy.flush();

    assertThat(gateway.happened.getLast()).startsWith("server client-auth 7 1\nifconfig-push 10.8");
    assertThat(gateway.happened.getLast()).doesNotContain(ELSEWHERE);
    assertThat(gateway.awaited.claims()).isEmpty();
  }

  @Test
  void givenTheyHangUpWhileTheyWait_whenTheAddressComes_thenNobodyIsLetIn() {
    gateway.awaited.follow(List.of(lastOf(7, ELSEWHERE)));
    connect(7);

    gateway.door.event(SLOT, event(Kind.DISCONNECT, 7, "1"));
    gateway.follow(shares("10.8.0.0/25", ELSEWHERE + "/32"));
    gateway.afterPatience.forEach(Runnable::run);
    gateway.policy.flush();

    assertThat(gateway.table.size()).isZero();
    assertThat(gateway.awaited.claims()).isEmpty();
  }

  @Test
  void givenAnAddressThatThePodMayUseAlready_whenTheyArrive_thenTheyHaveItAtOnce() {
    gateway.awaited.follow(List.of(lastOf(7, "10.8.0.77")));

    connect(7);

    assertThat(gateway.happened.getLast()).contains("ifconfig-push 10.8.0.77 ");
  }

  /** Which machine is whose cannot be told: each would wait, and most for another one's address. */
  @Test
  void givenMachinesThatShareACertificateAndAnAddress_whenTheyArrive_thenNobodyWaits() {
    gateway.awaited.follow(List.of(lastOf(7, ELSEWHERE), lastOf(7, "10.8.0.201")));

    connect(7);

    assertThat(gateway.awaited.claims()).isEmpty();
    assertThat(gateway.happened.getLast()).contains("ifconfig-push 10.8.0.");
  }

  @Test
  void givenAnAddressThatIsToldTwice_whenItsMachineArrives_thenItWaitsForIt() {
    gateway.awaited.follow(List.of(lastOf(7, ELSEWHERE), lastOf(7, ELSEWHERE)));

    connect(7);

    assertThat(gateway.awaited.claims()).containsExactly(Cidr.parse(ELSEWHERE));
  }

  @Test
  void givenRoutedTrafficAndMachinesThatShareAllThat_whenBothArrive_thenEachWaitsForOne() {
    gateway.follow(states("10.8.0.0/25").routed().build());
    gateway.awaited.follow(List.of(lastOf(7, ELSEWHERE), lastOf(7, "10.8.0.201")));

    connect(7);
    gateway.door.event(
        SLOT, new ClientEvent(Kind.CONNECT, 8, 1, event(Kind.CONNECT, 7, "1").environment()));
    gateway.policy.flush();

    assertThat(gateway.awaited.claims())
        .containsExactly(Cidr.parse(ELSEWHERE), Cidr.parse("10.8.0.201"));
  }

  @Test
  void givenAPodWithoutRoom_whenTheyArrive_thenTheyAreSentOnAtOnce() {
    for (int i = 0; i < 10; i++) {
      connect(i);
    }
    gateway.awaited.follow(List.of(lastOf(17, ELSEWHERE)));

    connect(17);

    assertThat(gateway.happened.getLast()).contains("REPLICA_FULL");
    assertThat(gateway.awaited.claims()).isEmpty();
  }

  @Test
  void givenOthersAndOldWord_whenSomebodyArrives_thenNobodyWaits() {
    gateway.awaited.follow(List.of(lastOf(7, ELSEWHERE)));
    connect(6);
    assertThat(gateway.table.size()).as("somebody else").isEqualTo(1);

    gateway.pass(Duration.ofMinutes(3));
    connect(7);
    assertThat(gateway.table.size()).as("no operator would bring it any more").isEqualTo(2);
  }

  private void connect(long client) {
    gateway.happened.clear();
    gateway.door.event(SLOT, event(Kind.CONNECT, client, "1"));
    gateway.policy.flush();
  }

  @Test
  void givenOneCertificateOnTwoMachines_whenOneArrives_thenItWaitsForItsOwnAddress() {
    gateway.awaited.follow(
        List.of(lastOf(7, "10.8.0.199", "192.0.2.8"), lastOf(7, ELSEWHERE, "192.0.2.7")));

    connect(7);

    assertThat(gateway.awaited.claims()).containsExactly(Cidr.parse(ELSEWHERE));
  }

  private static LastAddress lastOf(long client, String address) {
    return lastOf(client, address, "192.0.2.7");
  }

  private static LastAddress lastOf(long client, String address, String host) {
    return new LastAddress(
        "user" + client,
        "%064x".formatted(client),
        TunnelType.OpenVPN,
        TunnelAddress.parse(address),
        host);
  }

  private static GatewayState shares(String... blocks) {
    return states(blocks).build();
  }

  private static States states(String... blocks) {
    Holding here = new Holding(10, Stream.of(blocks).map(Cidr::parse).toList());
    Holding there = new Holding(10, List.of(Cidr.parse("10.8.0.128/25")));
    return States.gateway()
        .pools("10.8.0.0/24")
        .limit(20)
        .roots(ROOT)
        .shares(new Share(0, here, here), new Share(1, there, there));
  }
}

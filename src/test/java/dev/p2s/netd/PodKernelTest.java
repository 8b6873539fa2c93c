package dev.p2s.netd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2s.dataplane.ikev2.EspPlace;
import dev.p2s.dataplane.kernel.Grant;
import dev.p2s.dataplane.kernel.NetdCommand.Configure;
import dev.p2s.dataplane.kernel.PacketCount;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodKernelTest {

  private static final ProcessSlot FIRST = new ProcessSlot(0);
  private static final ProcessSlot SECOND = new ProcessSlot(1);
  private static final TunnelAddress ALICE = TunnelAddress.parse("10.8.0.5");

  @TempDir Path directory;
  private final RecordedPrograms programs = new RecordedPrograms();
  private PodKernel kernel;

  @BeforeEach
  void forwardingIsOn() throws IOException {
    sysctl("ipv4/ip_forward", "1");
    sysctl("ipv6/conf/all/forwarding", "0");
    sysctl("ipv6/conf/all/disable_ipv6", "1");
    sysctl("ipv6/conf/default/disable_ipv6", "0");
    kernel = new PodKernel(programs, new PacketForwarding(directory), new Random(1));
  }

  @Test
  void givenNoDevices_whenConfigured_thenRulesStandBeforeDevices() throws IOException {
    kernel.configure(configure(FIRST));

    assertThat(programs.inputs).hasSize(2);
    assertThat(programs.inputs.get(0)).startsWith("add table inet p2s");
    assertThat(programs.inputs.get(1))
        .isEqualTo(
            """
            tuntap add dev p2s0 mode tun user 10001
            link set dev p2s0 mtu 1500 txqueuelen 1000 up
            address replace 10.8.0.1/32 dev p2s0
            """);
  }

  @Test
  void givenTheSstpEndpointsPlace_whenConfigured_thenItsDeviceHasQueuesAndOthersHaveOne()
      throws IOException {
    kernel.configure(configure(FIRST, ProcessSlot.SSTP));

    assertThat(programs.inputs.get(1))
        .contains("tuntap add dev p2s0 mode tun user 10001\n")
        .contains("tuntap add dev p2s126 mode tun user 10001 multi_queue\n");
  }

  @Test
  void givenAKernelWithEsp_whenConfigured_thenIkev2HasAnXfrmDevice() throws IOException {
    kernel.configure(configure(EspPlace.KERNEL));

    assertThat(programs.inputs.get(1))
        .isEqualTo(
            """
            link add ipsec0 type xfrm dev lo if_id 7352947
            link set dev ipsec0 mtu 1400 up
            address replace 10.8.0.1/32 dev ipsec0
            """);
  }

  @Test
  void givenACharonThatEncryptsItself_whenConfigured_thenItsDeviceIsTakenAsItIs()
      throws IOException {
    kernel.configure(configure(EspPlace.USERSPACE));
    assertThat(programs.inputs).hasSize(1);

    programs.links = "[{\"ifname\":\"ipsec0\"}]";
    kernel.configure(configure(EspPlace.USERSPACE));

    assertThat(programs.inputs.getLast())
        .isEqualTo(
            """
            link set dev ipsec0 mtu 1400 up
            address replace 10.8.0.1/32 dev ipsec0
            """);
  }

  @Test
  void givenADeviceThatIsNoLongerWanted_whenConfigured_thenItsGrantsAndItGo() throws IOException {
    programs.links = "[{\"ifname\":\"eth0\"},{\"ifname\":\"p2s1\"}]";
    kernel.permit(List.of(new Grant(ALICE, SECOND)));

    kernel.configure(configure(FIRST));

    assertThat(kernel.grants()).isEmpty();
    assertThat(programs.inputs.getLast()).isEqualTo("link del dev p2s1\n");
  }

  @Test
  void givenAGrant_whenPermittedAgain_thenNothingChanges() throws IOException {
    kernel.permit(List.of(new Grant(ALICE, FIRST)));
    int before = programs.inputs.size();

    kernel.permit(List.of(new Grant(ALICE, FIRST)));

    assertThat(programs.inputs).hasSize(before);
  }

  @Test
  void givenAGrantOnOneDevice_whenPermittedOnAnother_thenItMovesInOneTransaction()
      throws IOException {
    kernel.permit(List.of(new Grant(ALICE, FIRST)));

    kernel.permit(List.of(new Grant(ALICE, SECOND)));

    assertThat(programs.inputs.getLast())
        .contains("delete element inet p2s granted { \"p2s0\" . 10.8.0.5")
        .contains("add element inet p2s granted { \"p2s1\" . 10.8.0.5");
    assertThat(kernel.grants()).containsExactly(new Grant(ALICE, SECOND));
  }

  @Test
  void givenGrantsInTheKernel_whenStartedAgain_thenTheyAreTakenUpAndCanBeForbidden()
      throws IOException {
    programs.tables = "{\"nftables\":[{\"table\":{\"family\":\"inet\",\"name\":\"p2s\"}}]}";
    programs.sessions =
        "{\"nftables\":[{\"map\":{\"elem\":[[{\"concat\":[\"p2s0\",\"10.8.0.5\"]},4660]]}}]}";

    kernel.readGrants();
    assertThat(programs.inputs).isEmpty();
    assertThat(kernel.grants()).containsExactly(new Grant(ALICE, FIRST));

    kernel.forbid(List.of(ALICE, ALICE));
    assertThat(programs.inputs.getFirst())
        .isEqualTo(
            """
            delete element inet p2s sessions { "p2s0" . 10.8.0.5 : 0x1234 }
            delete element inet p2s granted { "p2s0" . 10.8.0.5 . 0x1234 }
            delete element inet p2s packets_in { 10.8.0.5 }
            delete element inet p2s packets_out { 10.8.0.5 }
            """);
  }

  @Test
  void givenAGrantOfAGroup_whenMovedToAnother_thenItsMarkStaysSoThatFlowsGoOn() throws IOException {
    kernel.permit(List.of(new Grant(ALICE, FIRST, 7)));
    String mark = markIn(programs.inputs.getLast());

    kernel.permit(List.of(new Grant(ALICE, FIRST, 9)));

    assertThat(programs.inputs.getLast())
        .contains("delete element inet p2s groups { 10.8.0.5 : 0x7 }")
        .contains("add element inet p2s groups { 10.8.0.5 : 0x9 }");
    assertThat(markIn(programs.inputs.getLast())).isEqualTo(mark);
    assertThat(programs.inputs.getLast()).as("what has passed").doesNotContain("packets_");
    assertThat(kernel.grants()).containsExactly(new Grant(ALICE, FIRST, 9));
  }

  @Test
  void givenGroupsInTheKernel_whenStartedAgain_thenGrantsAreTakenUpWithThem() throws IOException {
    programs.tables = "{\"nftables\":[{\"table\":{\"family\":\"inet\",\"name\":\"p2s\"}}]}";
    programs.sessions =
        "{\"nftables\":[{\"map\":{\"elem\":[[{\"concat\":[\"p2s0\",\"10.8.0.5\"]},4660]]}}]}";
    programs.groups = "{\"nftables\":[{\"map\":{\"elem\":[[\"10.8.0.5\",3735928559]]}}]}";

    kernel.readGrants();

    assertThat(kernel.grants()).containsExactly(new Grant(ALICE, FIRST, 0xdeadbeef));
  }

  @Test
  void givenCountersInTheKernel_whenRead_thenBothDirectionsAreOfOneClient() throws IOException {
    programs.packetsIn =
        "{\"nftables\":[{\"set\":{\"elem\":[{\"elem\":{\"val\":\"10.8.0.5\",\"counter\":{\"packets\":7,"
            + "\"bytes\":420}}}]}}]}";

    assertThat(new PacketCounters(programs).read()).containsExactly(new PacketCount(ALICE, 7, 0));
  }

  private static String markIn(String commands) {
    String added = commands.substring(commands.indexOf("add element inet p2s sessions"));
    return added.substring(added.indexOf("0x"), added.indexOf(" }"));
  }

  @Test
  void givenForwardingOffAndReadOnly_whenConfigured_thenSaysWhatToDo() throws IOException {
    PodKernel readOnly = new PodKernel(programs, new ReadOnly(directory), new Random(1));

    assertThatThrownBy(() -> readOnly.configure(dualStack()))
        .hasMessageContaining("net.ipv6.conf.all.disable_ipv6 is 1");
    sysctl("ipv6/conf/all/disable_ipv6", "0");
    assertThatThrownBy(() -> readOnly.configure(dualStack()))
        .hasMessageContaining("net.ipv6.conf.all.forwarding is 0")
        .hasMessageContaining("allowed-unsafe-sysctls=net.ipv6.conf.all.forwarding");
    readOnly.configure(configure(FIRST));
    sysctl("ipv4/ip_forward", "0");
    assertThatThrownBy(() -> readOnly.configure(configure(FIRST)))
        .hasMessageContaining("net.ipv4.ip_forward is 0")
        .hasMessageContaining("allowed-unsafe-sysctls");
  }

  @Test
  void givenAnIpv6Pool_whenConfiguredAndPermitted_thenBothFamiliesHaveTheirOwn()
      throws IOException {
    TunnelAddress ipv6 = TunnelAddress.parse("fd00:1::5");
    kernel.configure(dualStack());

    assertThat(programs.inputs.get(1))
        .contains("address replace 10.8.0.1/32 dev p2s0\n")
        .contains("address replace fd00:1::1/128 dev p2s0 nodad\n");
    assertThat(Files.readString(directory.resolve("ipv6/conf/all/forwarding"))).isEqualTo("1");
    programs.inputs.clear();

    kernel.permit(List.of(new Grant(ALICE, FIRST), new Grant(ipv6, FIRST)));

    assertThat(programs.inputs.getFirst())
        .isEqualTo("route replace 10.8.0.5/32 dev p2s0\nroute replace fd00:1::5/128 dev p2s0\n");
    assertThat(programs.inputs.getLast())
        .contains("add element inet p2s granted { \"p2s0\" . 10.8.0.5 . 0x")
        .contains("add element inet p2s granted6 { \"p2s0\" . fd00:1::5 . 0x");
    programs.inputs.clear();

    kernel.forbid(List.of(ALICE, ipv6));

    assertThat(programs.inputs.getFirst())
        .contains("delete element inet p2s granted { ")
        .contains("delete element inet p2s granted6 { ");
    assertThat(kernel.grants()).isEmpty();
  }

  private void sysctl(String name, String value) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, value + "\n");
  }

  private static Configure dualStack() {
    return new Configure(
        List.of(FIRST),
        List.of(FIRST),
        List.of(TunnelAddress.parse("10.8.0.1"), TunnelAddress.parse("fd00:1::1")),
        List.of(),
        true,
        1500,
        null);
  }

  /** As a pod has them whose runtime lets nobody write. */
  private static final class ReadOnly extends PacketForwarding {
    ReadOnly(Path sysctls) {
      super(sysctls);
    }

    @Override
    void write(Path file, String value) throws IOException {
      throw new IOException("Read-only file system");
    }
  }

  private static Configure configure(ProcessSlot... slots) {
    return new Configure(
        List.of(slots),
        List.of(slots),
        List.of(TunnelAddress.parse("10.8.0.1")),
        List.of(),
        true,
        1500,
        null);
  }

  private static Configure configure(EspPlace ikev2) {
    return new Configure(
        List.of(),
        List.of(),
        List.of(TunnelAddress.parse("10.8.0.1")),
        List.of(),
        true,
        1500,
        ikev2);
  }

  private static final class RecordedPrograms implements ProgramRunner {
    String tables = "{\"nftables\":[]}";
    String sessions = "{\"nftables\":[]}";
    String groups = "{\"nftables\":[]}";
    String packetsIn = "{\"nftables\":[]}";
    String links = "[]";
    final List<String> inputs = new ArrayList<>();

    @Override
    public String run(List<String> argv, String input) {
      if (argv.contains("tables")) {
        return tables;
      }
      if (argv.contains("sessions")) {
        return sessions;
      }
      if (argv.contains("packets_in")) {
        return packetsIn;
      }
      if (argv.getLast().startsWith("packets_")) {
        return "{\"nftables\":[]}";
      }
      if (argv.contains("groups")) {
        return groups;
      }
      if (argv.contains("link")) {
        return links;
      }
      if (argv.contains("sessions6") || argv.contains("groups6")) {
        return "{\"nftables\":[]}";
      }
      inputs.add(input);
      return "";
    }
  }
}

package dev.p2s.sstp.ppp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.sstp.ppp.PppLink.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PppMachineTest {

  private static final Lease LEASE = new Lease(0xAC100002, 0xAC100001, List.of(0x0A600035));

  private final PppMachine machine =
      new PppMachine(
          1400,
          0x01020305,
          List.of(AuthenticationProtocol.MSCHAPV2, AuthenticationProtocol.PAP),
          new byte[16],
          "gw");
  private PppLink link = machine.begin(0).link();
  private long now;

  @Test
  void givenALink_whenItBegins_thenItAsksForMruAuthenticationAndMagic() {
    assertThat(sent(machine.begin(0).actions()))
        .containsExactly("c021 0101001301040578 0305c22381 050601020305".replace(" ", ""));
  }

  @Test
  void givenAClientThatIsSilent_whenItIsAskedTenTimes_thenTheLinkEnds() {
    int asked = 0;
    while (link.stage() == Stage.ESTABLISH) {
      now += 3_000;
      asked += tick().size();
    }
    assertThat(asked).isEqualTo(10);
    assertThat(link.stage()).isEqualTo(Stage.TERMINATE);
    for (int i = 0; i < 3; i++) {
      now += 3_000;
      tick();
    }
    assertThat(link.stage()).isEqualTo(Stage.DEAD);
  }

  @Test
  void givenOptionsThatAreNotKnown_whenTheClientAsksForThem_thenTheyAreRejectedAsTheyCame() {
    assertThat(receive("c021 01070011 0702 0802 0d0306 11040578 1702"))
        .containsExactly("c02104070011070208020d03061104057817 02".replace(" ", ""));
  }

  @Test
  void givenASmallMruAndOurOwnMagic_whenTheClientAsksForThem_thenItIsToldWhatWouldDo() {
    assertThat(receive("c021 0107000e 01040100 050601020305"))
        .containsExactly("c0210307000e 01040578 0506fefdfcfa".replace(" ", ""));
  }

  @Test
  void givenAClientThatWantsWhatIsNotKnown_whenItSaysSo_thenTheNextIsOfferedAndThenTheLinkEnds() {
    assertThat(receive("c021 03010009 0305c22305"))
        .containsExactly("c021010200120104 05780304c023050601020305".replace(" ", ""));
    assertThat(receive("c021 03020009 0305c22305")).singleElement().asString().startsWith("c02105");
    assertThat(link.stage()).isEqualTo(Stage.TERMINATE);
  }

  @Test
  void givenAnOpenLink_whenTheClientEchoes_thenOurMagicComesBackWithItsData() {
    establish();
    assertThat(receive("c021 0909000a 00000000 beef")).containsExactly("c0210a09000a01020305beef");
  }

  @Test
  void givenAnOpenLink_whenCompressionOrIpv6IsAskedFor_thenTheProtocolIsRejected() {
    establish();
    assertThat(receive("80fd 01050004"))
        .singleElement()
        .asString()
        .startsWith("c02108")
        .endsWith("80fd01050004");
    assertThat(receive("8057 01050004")).singleElement().asString().endsWith("805701050004");
  }

  @Test
  void givenAnEstablishedLink_whenThePeerAnswers_thenThePolicyPointIsAskedOnce() {
    establish();
    assertThat(link.stage()).isEqualTo(Stage.AUTHENTICATE);
    String response =
        "c223 02010039 31" + "11".repeat(16) + "00".repeat(8) + "22".repeat(24) + "00" + "626f62";
    List<PppAction> actions = actions(response);

    assertThat(actions)
        .singleElement()
        .isInstanceOfSatisfying(
            PppAction.Ask.class,
            ask -> {
              Login.MsChapV2 login = (Login.MsChapV2) ask.login();
              assertThat(login.user()).isEqualTo("bob");
              assertThat(login.peerChallenge()).isEqualTo(hex("11".repeat(16)));
              assertThat(login.response()).isEqualTo(hex("22".repeat(24)));
              assertThat(login).hasToString("an MSCHAPv2 login");
            });
    assertThat(actions(response)).isEmpty();
  }

  @Test
  void givenAnAdmittedClient_whenItAsksForAnyAddress_thenItIsGivenItsOwnAndTheResolvers() {
    admit();
    assertThat(receive("8021 0101001c 0206002d0f01 030600000000 810600000000 830600000000"))
        .containsExactly("80210401 0010 0206002d0f01 830600000000".replace(" ", ""));
    assertThat(receive("8021 01020010 030600000000 810600000000"))
        .containsExactly("80210302 0010 0306ac100002 81060a600035".replace(" ", ""));
    assertThat(receive("8021 0201000a 0306ac100001")).isEmpty();
    assertThat(link.isOpen()).isFalse();
    List<PppAction> last = actions("8021 01030010 0306ac100002 81060a600035");
    assertThat(last).last().isEqualTo(new PppAction.Open());
    assertThat(link.isOpen()).isTrue();
  }

  @Test
  void givenNobodyWhoDecides_whenAMinuteIsNearlyOver_thenTheClientIsRefused() {
    establish();
    receive("c223 02010036 31" + "00".repeat(49));
    now += 55_000;
    assertThat(sent(tick())).first().asString().startsWith("c2230401");
    assertThat(link.stage()).isEqualTo(Stage.TERMINATE);
    assertThat(machine.step(link, new PppEvent.Admitted(LEASE, "S=1"), now).actions()).isEmpty();
  }

  @Test
  void givenAClientThatTerminates_whenItSaysSo_thenItIsAcknowledgedAndOver() {
    establish();
    assertThat(actions("c021 05210004"))
        .last()
        .isEqualTo(new PppAction.Over("hung up by the client"));
    assertThat(link.stage()).isEqualTo(Stage.DEAD);
  }

  @Property(tries = 5_000)
  void givenAnyFrames_whenTheyComeInAnyOrder_thenNothingOpensWithoutAdmissionAndItEnds(
      @ForAll("frames") List<PppFrame> frames) {
    PppLink any = machine.begin(0).link();
    long time = 0;
    List<PppAction> all = new ArrayList<>();
    for (PppFrame frame : frames) {
      time += 300;
      PppMachine.Step step = machine.step(any, new PppEvent.Received(frame), time);
      assertThat(step.actions()).hasSizeLessThanOrEqualTo(3);
      all.addAll(step.actions());
      any = step.link();
    }
    assertThat(all).doesNotContain(new PppAction.Open());
    for (int i = 0; i < 300 && any.stage() != Stage.DEAD; i++) {
      time += 1_000;
      any = machine.step(any, new PppEvent.Tick(), time).link();
    }
    assertThat(any.stage()).isEqualTo(Stage.DEAD);
  }

  @Property(tries = 20_000)
  void givenAnyBytes_whenTheyAreReadAsAFrame_thenTheyAreOneOrNone(@ForAll("bytes") byte[] bytes) {
    PppFrame.read(bytes)
        .ifPresent(frame -> assertThat(frame.payload().length).isLessThan(bytes.length));
    ControlPacket.read(bytes)
        .ifPresent(
            packet ->
                assertThat(ControlPacket.read(packet.bytes()))
                    .get()
                    .usingRecursiveComparison()
                    .isEqualTo(packet));
    Option.readAll(bytes)
        .ifPresent(options -> assertThat(Option.writeAll(options)).isEqualTo(bytes));
    assertThat(PapPacket.login(bytes))
        .satisfiesAnyOf(
            login -> assertThat(login).isEmpty(), login -> assertThat(login).isPresent());
    assertThat(ChapPacket.login(bytes, new byte[16]).isPresent())
        .isEqualTo(bytes.length >= 50 && bytes[0] == 49);
  }

  @Provide
  Arbitrary<byte[]> bytes() {
    return Arbitraries.bytes().array(byte[].class).ofMaxSize(80);
  }

  @Provide
  Arbitrary<List<PppFrame>> frames() {
    Arbitrary<Integer> protocols =
        Arbitraries.of(
            PppProtocol.LCP,
            PppProtocol.LCP,
            PppProtocol.IPCP,
            PppProtocol.PAP,
            PppProtocol.CHAP,
            PppProtocol.IPV4,
            0x80FD);
    Arbitrary<byte[]> data =
        Arbitraries.oneOf(
            bytes(),
            Arbitraries.of(
                    "",
                    "01040578",
                    "0305c22381",
                    "0304c023",
                    "0306ac100002",
                    "0702",
                    "01040578 0305c22381 050601020305",
                    "01040578 0304c023 050601020305",
                    "0161 0162",
                    "31" + "00".repeat(50))
                .map(text -> hex(text.replace(" ", ""))));
    return Combinators.combine(
            protocols, Arbitraries.integers().between(0, 12), Arbitraries.of(0, 1, 2, 3), data)
        .as(
            (protocol, code, id, body) ->
                new PppFrame(protocol, new ControlPacket(code, id, body).bytes()))
        .list()
        .ofMaxSize(40);
  }

  private void establish() {
    receive("c021 02010013 01040578 0305c22381 050601020305");
    receive("c021 01010008 01040578");
  }

  private void admit() {
    establish();
    receive("c223 02010036 31" + "00".repeat(49));
    PppMachine.Step step = machine.step(link, new PppEvent.Admitted(LEASE, "S=1"), now);
    link = step.link();
    assertThat(sent(step.actions()))
        .containsExactly("c2230301000c533d31204d3d4f4b", "80210101000a0306ac100001");
  }

  private List<PppAction> tick() {
    PppMachine.Step step = machine.step(link, new PppEvent.Tick(), now);
    link = step.link();
    return step.actions();
  }

  private List<PppAction> actions(String frame) {
    byte[] bytes = hex(frame.replace(" ", ""));
    PppMachine.Step step =
        machine.step(
            link, new PppEvent.Received(PppFrame.read(withAddress(bytes)).orElseThrow()), now);
    link = step.link();
    return step.actions();
  }

  private List<String> receive(String frame) {
    return sent(actions(frame));
  }

  private static byte[] withAddress(byte[] frame) {
    byte[] all = new byte[frame.length + 2];
    all[0] = (byte) 0xFF;
    all[1] = 3;
    System.arraycopy(frame, 0, all, 2, frame.length);
    return all;
  }

  /** What is sent, protocol first. */
  private static List<String> sent(List<PppAction> actions) {
    return actions.stream()
        .filter(PppAction.Send.class::isInstance)
        .map(action -> ((PppAction.Send) action).frame().bytes())
        .map(bytes -> HexFormat.of().formatHex(Arrays.copyOfRange(bytes, 2, bytes.length)))
        .toList();
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}

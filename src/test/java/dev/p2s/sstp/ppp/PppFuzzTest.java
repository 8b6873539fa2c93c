package dev.p2s.sstp.ppp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.cluster.Endurance;
import dev.p2s.sstp.fuzz.Mutants;
import dev.p2s.sstp.fuzz.Spent;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/**
 * PPP's packets and its machine under whatever a client may send. A try is a seed that stands for
 * {@value #BATCH} inputs; {@code make soak} goes on from each seed.
 */
@Tag(Endurance.TAG)
class PppFuzzTest {

  private static final int BATCH = 1_000;
  private static final int EACH = 32 * 1024;
  private static final Lease LEASE = new Lease(0xAC100002, 0xAC100001, List.of(0x0A600035));

  private static final String[] RIGHT = {
    "ff03 c021 01010014 05060102 03040104 0578 07020802",
    "ff03 c021 02010013 01040578 0305c22381 050601020305",
    "ff03 c021 02010012 01040578 0304c227 050601020305",
    "ff03 c021 03010008 0304c023",
    "ff03 c021 03010009 0305c22381",
    "ff03 c021 04010008 01040578",
    "ff03 c021 05010004",
    "ff03 c021 0909000a 00000000 beef",
    "ff03 c021 08010006 8021",
    "ff03 8021 01010016 030600000000 810600000000 830600000000",
    "ff03 8021 0201000a 0306ac100001",
    "ff03 c023 01010016 05616c696365 0a776f6e6465726c616e64",
    "ff03 c223 0201003b 31" + "11".repeat(49) + "616c696365",
    "ff03 c227 0201000a 01616c696365",
    "ff03 c227 02020010 0d80 00000006 160301000100",
    "ff03 c227 02020006 0d00",
    "ff03 0021 45000028 00000000 40010000 ac100002 c0000207" + "0800".repeat(10),
    "ff03 80fd 01050004",
    "c021 0109000a 00000000",
    "21 4500"
  };

  private final PppMachine machine =
      new PppMachine(
          1400, 0x01020305, List.of(AuthenticationProtocol.values()), new byte[16], "gw");

  @Property(tries = 300)
  void givenAnyFrame_whenItIsRead_thenItIsOneOrNone(@ForAll long seed) {
    Mutants mutants = Mutants.of(seed, RIGHT);
    Spent.on(
        BATCH,
        EACH,
        () -> {
          byte[] bytes = mutants.next();
          Optional<PppFrame> frame = PppFrame.read(bytes);
          byte[] payload = frame.map(PppFrame::payload).orElse(bytes);
          assertThat(payload.length).isLessThanOrEqualTo(bytes.length);
          ControlPacket.read(payload)
              .ifPresent(
                  packet -> {
                    assertThat(packet.data().length).isLessThan(payload.length);
                    Option.readAll(packet.data())
                        .ifPresent(
                            options ->
                                assertThat(Option.writeAll(options)).isEqualTo(packet.data()));
                    ChapPacket.login(packet.data(), new byte[16]);
                    PapPacket.login(packet.data());
                    new EapPacket().login(packet, 1);
                  });
        });
  }

  @Property(tries = 200)
  void givenAnyFrames_whenALinkIsMadeOfThem_thenItOpensOnlyAfterAdmissionAndAlwaysEnds(
      @ForAll long seed) {
    Mutants mutants = Mutants.of(seed, RIGHT);
    PppLink[] link = {machine.begin(0).link()};
    boolean[] admitted = {false};
    long[] now = {0};
    Spent.on(
        BATCH,
        EACH,
        () -> {
          now[0] += mutants.below(4_000);
          PppEvent event = event(mutants);
          admitted[0] |= event instanceof PppEvent.Admitted;
          PppMachine.Step step = machine.step(link[0], event, now[0]);
          assertThat(step.actions()).hasSizeLessThanOrEqualTo(4);
          for (PppAction action : step.actions()) {
            if (action instanceof PppAction.Send(PppFrame frame)) {
              assertThat(frame.bytes().length).as("%s", event).isLessThanOrEqualTo(1400 + 4);
            }
            assertThat(action instanceof PppAction.Open && !admitted[0])
                .as("opened by %s", event)
                .isFalse();
          }
          link[0] = step.link();
          if (link[0].stage() == PppLink.Stage.DEAD) {
            link[0] = machine.begin(now[0]).link();
            admitted[0] = false;
          }
        });
    link[0] = machine.step(link[0], new PppEvent.HangUp("over"), now[0]).link();
    for (int i = 0; i < 20; i++) {
      now[0] += 1_000;
      link[0] = machine.step(link[0], new PppEvent.Tick(), now[0]).link();
    }
    assertThat(link[0].stage()).isEqualTo(PppLink.Stage.DEAD);
  }

  private static PppEvent event(Mutants mutants) {
    return switch (mutants.below(14)) {
      case 0, 1 -> new PppEvent.Tick();
      case 2 -> new PppEvent.Admitted(LEASE, "S=1");
      case 3 -> mutants.below(6) == 0 ? new PppEvent.Refused(true, "No.") : new PppEvent.Tick();
      case 4 ->
          new PppEvent.Continued(new ControlPacket(EapPacket.REQUEST, 2, new byte[] {13, 0x20}));
      default ->
          PppFrame.read(mutants.next())
              .<PppEvent>map(PppEvent.Received::new)
              .orElseGet(PppEvent.Tick::new);
    };
  }
}

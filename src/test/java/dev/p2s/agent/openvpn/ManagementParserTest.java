package dev.p2s.agent.openvpn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.openvpn.ManagementMessage.Answer;
import dev.p2s.agent.openvpn.ManagementMessage.ByteCount;
import dev.p2s.agent.openvpn.ManagementMessage.ClientEvent;
import dev.p2s.agent.openvpn.ManagementMessage.Kind;
import dev.p2s.agent.session.ClientCertificate;
import dev.p2s.agent.session.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ManagementParserTest {

  private static final String SHA1 = "24:34:57:3D:ed:53:46:2f:09:31:9d:5c:e6:2b:32:78:82:4e:6e:1c";
  private static final String SHA256 = ("d5:".repeat(32)).substring(0, 95);

  @Test
  void givenAConnect_whenItsEnvironmentEnds_thenOneEventWithTheCertificate() {
    List<ManagementMessage> messages =
        parse(
            ">CLIENT:CONNECT,7,1",
            ">CLIENT:ENV,common_name=alice",
            ">CLIENT:ENV,untrusted_ip=192.0.2.7",
            ">CLIENT:ENV,untrusted_port=4711",
            ">CLIENT:ENV,tls_digest_0=" + SHA1,
            ">CLIENT:ENV,tls_digest_sha256_0=" + SHA256,
            ">CLIENT:ENV,tls_digest_2=" + SHA1,
            ">CLIENT:ENV,tls_digest_sha256_2=" + SHA256,
            ">CLIENT:ENV,IV_PROTO=990",
            ">CLIENT:ENV,daemon_pid=12",
            ">CLIENT:ENV,daemon_start_time=1795440047",
            ">CLIENT:ENV,END");

    assertThat(messages).hasSize(1);
    ClientEvent event = (ClientEvent) messages.getFirst();
    assertThat(event.kind()).isEqualTo(Kind.CONNECT);
    assertThat(event.client()).isEqualTo(7);
    assertThat(event.key()).isEqualTo(1);
    ClientEnvironment environment = new ClientEnvironment(event.environment());
    ClientCertificate certificate = environment.certificate().orElseThrow();
    // Depth 2 without depth 1 is no chain of OpenVPN's: it does not count.
    assertThat(certificate.chain()).hasSize(1);
    assertThat(certificate.own().sha1()).isEqualTo("2434573ded53462f09319d5ce62b3278824e6e1c");
    assertThat(environment.clientAddress()).isEqualTo("192.0.2.7:4711");
    assertThat(environment.daemon()).isEqualTo("12@1795440047");
    assertThat(environment.understandsTemporary()).isTrue();
  }

  @Test
  void givenAnAddressLineAndAnswersInBetween_whenParsed_thenTheBlockIsNotDisturbed() {
    assertThat(
            parse(
                "SUCCESS: pid=4",
                ">CLIENT:ADDRESS,0,10.8.0.5,1",
                ">CLIENT:ESTABLISHED,0",
                ">BYTECOUNT_CLI:0,12,34",
                ">CLIENT:ENV,END",
                ">INFO:anything"))
        .containsExactly(
            new Answer("SUCCESS: pid=4"),
            new ByteCount(0, 12, 34),
            new ClientEvent(Kind.ESTABLISHED, 0, -1, Map.of()));
  }

  @Test
  void givenNumbersThatAreNone_whenParsed_thenPassedOver() {
    assertThat(
            parse(
                ">CLIENT:CONNECT,-1,1",
                ">CLIENT:ENV,END",
                ">CLIENT:CONNECT,1",
                ">CLIENT:ENV,END",
                ">CLIENT:CR_RESPONSE,0,1,aGk=",
                ">CLIENT:ENV,common_name=x",
                ">CLIENT:ENV,END",
                ">BYTECOUNT_CLI:0,99999999999999999999,1",
                ">BYTECOUNT_CLI:0,1"))
        .isEmpty();
  }

  @Test
  void givenAnEndlessEnvironment_whenParsed_thenBounded() {
    ManagementParser parser = new ManagementParser();
    parser.line(">CLIENT:CONNECT,0,0");
    for (int i = 0; i < 100_000; i++) {
      parser.line(">CLIENT:ENV,name" + i + "=value");
    }

    ClientEvent event = (ClientEvent) parser.line(">CLIENT:ENV,END").orElseThrow();

    assertThat(event.environment()).hasSize(ManagementParser.MAX_ENTRIES);
  }

  @Property
  void givenAnyLines_whenParsed_thenNeverAnEventWithoutAClient(
      @ForAll("lines") List<String> lines) {
    for (ManagementMessage message : parse(lines.toArray(String[]::new))) {
      if (message instanceof ClientEvent event) {
        assertThat(event.client()).isNotNegative();
        ClientEnvironment environment = new ClientEnvironment(event.environment());
        assertThat(environment.certificate()).isNotNull();
        assertThat(environment.clientAddress()).isNotEmpty();
        environment.understandsTemporary();
      }
    }
  }

  @Provide
  Arbitrary<List<String>> lines() {
    Arbitrary<String> head =
        Arbitraries.of(
            ">CLIENT:CONNECT,",
            ">CLIENT:ENV,",
            ">CLIENT:ENV,END",
            ">CLIENT:REAUTH,1,",
            ">CLIENT:",
            ">BYTECOUNT_CLI:",
            ">CLIENT:ENV,tls_digest_0=",
            ">CLIENT:ENV,IV_PROTO=",
            ">CLIENT:DISCONNECT,3",
            "",
            ">");
    Arbitrary<String> tail =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(30),
            Arbitraries.strings().withChars("0123456789,=").ofMaxLength(12),
            Arbitraries.just(""));
    return net.jqwik.api.Combinators.combine(head, tail).as(String::concat).list().ofMaxSize(40);
  }

  @Property
  void givenAnySentence_whenRefused_thenOneLineWithBalancedQuotes(@ForAll String sentence) {
    for (boolean understands : List.of(true, false)) {
      for (Refusal.Reason reason : Refusal.Reason.values()) {
        String command =
            ManagementCommands.refuse(3, 1, new Refusal(reason, sentence), understands);

        assertThat(command).endsWith("\n").doesNotContain("\\");
        assertThat(command.chars().filter(c -> c == '\n').count()).isEqualTo(1);
        assertThat(command.chars().filter(c -> c == '"').count()).isIn(0L, 4L);
        assertThat(command.substring(0, command.length() - 1)).matches("[ -~]*");
      }
    }
  }

  @Test
  void givenATemporaryRefusal_whenTheClientUnderstandsIt_thenItMayComeBack() {
    Refusal full = new Refusal(Refusal.Reason.GATEWAY_FULL, "It is full.");

    assertThat(ManagementCommands.refuse(3, 1, full, true))
        .isEqualTo(
            "client-deny 3 1 \"GATEWAY_FULL\" \"TEMP[backoff 30,advance remote]:It is full.\"\n");
    assertThat(ManagementCommands.refuse(3, 1, full, false)).isEqualTo("client-kill 3 RESTART\n");
  }

  @Test
  void givenAStatus_whenItsRowsAreRead_thenClientsOnly() {
    assertThat(
            ServerStatus.rows(
                List.of(
                    "TITLE\tOpenVPN",
                    "HEADER\tCLIENT_LIST\tCommon Name",
                    "CLIENT_LIST\talice\t192.0.2.7:1\t10.8.0.5\t\t1\t2\tsince\t3\tUNDEF\t9\t0\tAES",
                    "CLIENT_LIST\tUNDEF\t192.0.2.8:1\t\t\t1\t2\tsince\t3\tUNDEF\t10\t0\tAES",
                    "CLIENT_LIST\tbroken")))
        .containsExactly(
            new ServerStatus.Row(9, "alice", "10.8.0.5"), new ServerStatus.Row(10, "UNDEF", ""))
        .extracting(ServerStatus.Row::announced)
        .containsExactly(true, false);
  }

  private static List<ManagementMessage> parse(String... lines) {
    ManagementParser parser = new ManagementParser();
    List<ManagementMessage> messages = new ArrayList<>();
    for (String line : lines) {
      parser.line(line).ifPresent(messages::add);
    }
    return messages;
  }
}

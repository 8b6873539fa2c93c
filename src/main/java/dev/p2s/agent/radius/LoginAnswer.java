package dev.p2s.agent.radius;

import dev.p2s.agent.session.AccountingTerms;
import dev.p2s.agent.session.Person;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.aaa4j.radius.core.attribute.attributes.AcctInterimInterval;
import org.aaa4j.radius.core.attribute.attributes.FilterId;
import org.aaa4j.radius.core.attribute.attributes.FramedIpAddress;
import org.aaa4j.radius.core.attribute.attributes.Prompt;
import org.aaa4j.radius.core.attribute.attributes.ReplyMessage;
import org.aaa4j.radius.core.attribute.attributes.SessionTimeout;
import org.aaa4j.radius.core.attribute.attributes.State;
import org.aaa4j.radius.core.attribute.attributes.VendorSpecific;
import org.aaa4j.radius.core.packet.Packet;

/** What a server has said to a login. */
sealed interface LoginAnswer {

  /**
   * The person is known.
   *
   * @param lasts Session-Timeout; empty where the session has no end
   * @param address Framed-IP-Address; null where the server leaves it to the gateway
   * @param groups Microsoft's attribute 65 in hexadecimal digits, then Filter-Id
   * @param accounting what shall be said and done at accounting
   */
  record Accepted(
      Optional<Duration> lasts,
      TunnelAddress address,
      List<String> groups,
      AccountingTerms accounting)
      implements LoginAnswer {

    /** Whom the server has let in. */
    Person person(String user, Instant now) {
      return new Person(
          AuthenticationType.RADIUS,
          user,
          groups,
          lasts.map(period -> now.plus(period).toEpochMilli()).orElse(null),
          address,
          null,
          accounting);
    }
  }

  /**
   * @param why for the person; may be empty
   */
  record Rejected(String why) implements LoginAnswer {}

  /**
   * @param question for the person
   * @param state what the server wants back
   * @param echo whether the answer may be seen (Prompt, RFC 2869)
   */
  record Challenge(String question, byte[] state, boolean echo) implements LoginAnswer {}

  /** What is said at most of a group, all together, so that a rejoin pass has room for it. */
  int GROUP_BYTES = 100;

  /** So much of Class at most, that a request has room for it beside everything else. */
  int CLASS_BYTES = 3_000;

  /** The longest text of a server that a person is shown. */
  int LONGEST_TEXT = 200;

  int MS_CHAP_ERROR = 2;
  int MS_CHAP2_SUCCESS = 26;
  int MS_AZURE_POLICY_ID = 65;
  int PROMPT_ECHO = 1;

  // 255.255.255.255 and 255.255.255.254 mean "as you like" (RFC 2865, section 5.8)
  List<String> NO_ADDRESS = List.of("255.255.255.255", "255.255.255.254");

  /**
   * Reads a packet whose signatures hold.
   *
   * @param expected what MSCHAPv2's success must say; empty where the password itself was sent
   */
  static LoginAnswer of(Packet packet, Optional<String> expected) {
    return switch (packet.getCode()) {
      case RadiusPackets.ACCESS_ACCEPT -> accept(packet, expected);
      case RadiusPackets.ACCESS_CHALLENGE -> challenge(packet);
      default -> new Rejected(complaint(packet));
    };
  }

  private static LoginAnswer accept(Packet packet, Optional<String> expected) {
    if (expected.isPresent() && !proves(packet, expected.get())) {
      return new Rejected("The server could not prove that it knows the password.");
    }
    return new Accepted(
        packet
            .getAttribute(SessionTimeout.class)
            .map(timeout -> Integer.toUnsignedLong(timeout.getData().getValue()))
            .filter(seconds -> seconds > 0)
            .map(Duration::ofSeconds),
        packet
            .getAttribute(FramedIpAddress.class)
            .map(framed -> framed.getData().getValue().getHostAddress())
            .filter(address -> !NO_ADDRESS.contains(address))
            .map(TunnelAddress::parse)
            .orElse(null),
        groups(packet),
        accounting(packet));
  }

  private static AccountingTerms accounting(Packet packet) {
    List<String> classes = new ArrayList<>();
    int room = CLASS_BYTES;
    for (var each : packet.getAttributes(org.aaa4j.radius.core.attribute.attributes.Class.class)) {
      byte[] value = each.getData().getValue();
      room -= value.length;
      if (room >= 0) {
        classes.add(Base64.getEncoder().encodeToString(value));
      }
    }
    return new AccountingTerms(
        classes,
        packet
            .getAttribute(AcctInterimInterval.class)
            .map(interval -> interval.getData().getValue())
            .filter(seconds -> seconds > 0)
            .orElse(null));
  }

  private static LoginAnswer challenge(Packet packet) {
    Optional<State> state = packet.getAttribute(State.class);
    if (state.isEmpty()) {
      return new Rejected("The server asks for more and does not say how to go on.");
    }
    String question = text(packet);
    return new Challenge(
        question.isEmpty() ? "Your code:" : question,
        state.get().getData().getValue(),
        packet
            .getAttribute(Prompt.class)
            .filter(prompt -> prompt.getData().getValue() == PROMPT_ECHO)
            .isPresent());
  }

  private static boolean proves(Packet packet, String expected) {
    return proof(packet).filter(expected::equalsIgnoreCase).isPresent();
  }

  /** What MSCHAPv2's success says: {@code S=} and 40 digits; empty where it says nothing such. */
  static Optional<String> proof(Packet packet) {
    // one byte of identifier before it (RFC 2548, section 2.3.3)
    return microsoft(packet, MS_CHAP2_SUCCESS)
        .filter(value -> value.length > 42)
        .map(value -> new String(value, 1, 42, StandardCharsets.US_ASCII))
        .filter(text -> text.matches("S=[0-9A-Fa-f]{40}"))
        .findFirst();
  }

  private static List<String> groups(Packet packet) {
    List<String> groups = new ArrayList<>();
    int room = GROUP_BYTES;
    List<String> all = new ArrayList<>();
    microsoft(packet, MS_AZURE_POLICY_ID).map(HexFormat.of()::formatHex).forEach(all::add);
    packet.getAttributes(FilterId.class).forEach(filter -> all.add(filter.getData().getValue()));
    for (String group : all) {
      int bytes = group.getBytes(StandardCharsets.UTF_8).length + 2;
      if (bytes <= room && !group.isEmpty()) {
        room -= bytes;
        groups.add(group);
      }
    }
    return List.copyOf(groups);
  }

  // RFC 2759, section 6
  private static String complaint(Packet packet) {
    String error =
        microsoft(packet, MS_CHAP_ERROR)
            .map(value -> new String(value, StandardCharsets.US_ASCII))
            .findFirst()
            .orElse("");
    if (error.contains("E=646")) {
      return "Your account may not log in at this hour.";
    }
    if (error.contains("E=647")) {
      return "Your account is disabled.";
    }
    if (error.contains("E=648")) {
      return "Your password has expired; change it first.";
    }
    return error.contains("E=649") ? "Your account may not use the VPN." : text(packet);
  }

  private static String text(Packet packet) {
    String all =
        packet.getAttributes(ReplyMessage.class).stream()
            .map(message -> message.getData().getValue())
            .collect(Collectors.joining(" "))
            .strip();
    return all.length() <= LONGEST_TEXT ? all : all.substring(0, LONGEST_TEXT);
  }

  /** The values of Microsoft's attribute of a type. */
  static java.util.stream.Stream<byte[]> microsoft(Packet packet, int type) {
    return packet.getAttributes(VendorSpecific.class).stream()
        .map(VendorSpecific::getData)
        .filter(data -> data.getVendorId() == LoginRequests.MICROSOFT)
        .filter(data -> data.getVendorType() == type)
        .map(data -> Arrays.copyOf(data.getVsaData(), data.getVsaData().length));
  }
}

package dev.p2s.agent.radius;

import dev.p2s.dataplane.Ipv6Pool;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aaa4j.radius.core.attribute.Attribute;
import org.aaa4j.radius.core.attribute.Ipv4AddrData;
import org.aaa4j.radius.core.attribute.Ipv6AddrData;
import org.aaa4j.radius.core.attribute.StringData;
import org.aaa4j.radius.core.attribute.VsaData;
import org.aaa4j.radius.core.attribute.attributes.CallingStationId;
import org.aaa4j.radius.core.attribute.attributes.FramedIpAddress;
import org.aaa4j.radius.core.attribute.attributes.FramedIpv6Address;
import org.aaa4j.radius.core.attribute.attributes.MessageAuthenticator;
import org.aaa4j.radius.core.attribute.attributes.NasPort;
import org.aaa4j.radius.core.attribute.attributes.State;
import org.aaa4j.radius.core.attribute.attributes.UserName;
import org.aaa4j.radius.core.attribute.attributes.VendorSpecific;
import org.aaa4j.radius.core.dictionary.dictionaries.StandardDictionary;
import org.aaa4j.radius.core.packet.Packet;
import org.aaa4j.radius.core.packet.PacketCodec;
import org.aaa4j.radius.core.packet.PacketCodecException;

/**
 * The packets between charon and the agent's desk. Of what the customer's server has said, charon
 * is told the EAP packet, the keys and the address that admission has given: the rest is the
 * agent's affair.
 */
final class DeskPackets {

  // as charon prints it: 192.0.2.7[4500]
  private static final Pattern STATION = Pattern.compile("([0-9A-Fa-f.:]{2,45})\\[([0-9]{1,5})]");

  private final StandardDictionary dictionary = new StandardDictionary();
  private final PacketCodec codec;
  private final SecureRandom random;

  DeskPackets(SecureRandom random) {
    this.random = random;
    this.codec = new PacketCodec(dictionary, random::nextBytes);
  }

  /**
   * A request that charon has signed.
   *
   * @param id and {@code authenticator} of it, which its answer is bound to
   */
  record Request(EapStep.Said said, int id, byte[] authenticator) {}

  /** A datagram of charon's; empty where it is none, or not one of EAP. */
  Optional<Request> read(byte[] datagram, byte[] secret) {
    try {
      Packet packet = codec.decodeRequest(datagram.clone(), secret);
      Optional<byte[]> eap = EapPackets.of(packet);
      Optional<NasPort> port = packet.getAttribute(NasPort.class);
      if (packet.getCode() != RadiusPackets.ACCESS_REQUEST
          || !RadiusPackets.isSigned(packet)
          || eap.isEmpty()
          || port.isEmpty()) {
        return Optional.empty();
      }
      EapClient client =
          new EapClient(
              Integer.toUnsignedLong(port.get().getData().getValue()),
              packet
                  .getAttribute(CallingStationId.class)
                  .map(station -> address(station.getData().getValue()))
                  .orElse(""));
      return Optional.of(
          new Request(
              new EapStep.Said(
                  client,
                  packet
                      .getAttribute(UserName.class)
                      .map(name -> name.getData().getValue())
                      .orElse(""),
                  eap.get(),
                  packet.getAttribute(State.class).map(DeskPackets::conversation)),
              packet.getReceivedFields().getIdentifier(),
              packet.getReceivedFields().getAuthenticator()));
    } catch (PacketCodecException | RuntimeException e) {
      // the codec meets bytes that anybody in the pod may send: what it cannot read is no request
      return Optional.empty();
    }
  }

  /**
   * The datagram that says a step to charon.
   *
   * @param ipv6 where an admitted client has its IPv6 address from; empty where it has none
   */
  byte[] write(EapStep step, Request request, byte[] secret, Optional<Ipv6Pool> ipv6) {
    List<Attribute<?>> attributes = new ArrayList<>();
    attributes.add(new MessageAuthenticator());
    int code =
        switch (step) {
          case EapStep.Ask(byte[] eap, String conversation) -> {
            attributes.add(EapPackets.attribute(eap));
            attributes.add(
                new State(new StringData(conversation.getBytes(StandardCharsets.US_ASCII))));
            yield RadiusPackets.ACCESS_CHALLENGE;
          }
          case EapStep.Admit admit -> {
            attributes.add(EapPackets.attribute(admit.eap()));
            if (admit.address().address() instanceof Inet4Address ipv4) {
              attributes.add(new FramedIpAddress(new Ipv4AddrData(ipv4)));
            }
            if (ipv6.map(pool -> pool.beside(admit.address()).address()).orElse(null)
                instanceof Inet6Address beside) {
              attributes.add(new FramedIpv6Address(new Ipv6AddrData(beside)));
            }
            // the salts differ, as they have to within a packet
            int salt = random.nextInt(1 << 14) << 1;
            admit
                .sendKey()
                .ifPresent(key -> attributes.add(key(MppeKeys.SEND, key, request, secret, salt)));
            admit
                .receiveKey()
                .ifPresent(
                    key -> attributes.add(key(MppeKeys.RECEIVE, key, request, secret, salt + 1)));
            yield RadiusPackets.ACCESS_ACCEPT;
          }
          case EapStep.Refuse(byte[] eap) -> {
            attributes.add(EapPackets.attribute(eap));
            yield RadiusPackets.ACCESS_REJECT;
          }
        };
    try {
      return codec.encodeResponse(
          new Packet(code, attributes), secret, request.id(), request.authenticator());
    } catch (PacketCodecException e) {
      throw new IllegalStateException(e);
    }
  }

  private static VendorSpecific key(
      int type, byte[] key, Request request, byte[] secret, int salt) {
    return new VendorSpecific(
        new VsaData(
            LoginRequests.MICROSOFT,
            type,
            MppeKeys.hide(key, secret, request.authenticator(), salt)));
  }

  private static String conversation(State state) {
    byte[] value = state.getData().getValue();
    String text = new String(value, StandardCharsets.US_ASCII);
    return text.length() == 32 ? text : HexFormat.of().formatHex(value);
  }

  private static String address(String station) {
    Matcher parts = STATION.matcher(station);
    if (!parts.matches()) {
      return "";
    }
    String host = parts.group(1);
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + parts.group(2);
  }
}

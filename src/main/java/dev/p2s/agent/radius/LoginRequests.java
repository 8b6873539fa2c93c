package dev.p2s.agent.radius;

import dev.p2s.api.v1alpha1.RadiusSpec.PasswordProtocol;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.aaa4j.radius.core.attribute.Attribute;
import org.aaa4j.radius.core.attribute.EnumData;
import org.aaa4j.radius.core.attribute.StringData;
import org.aaa4j.radius.core.attribute.TextData;
import org.aaa4j.radius.core.attribute.VsaData;
import org.aaa4j.radius.core.attribute.attributes.CallingStationId;
import org.aaa4j.radius.core.attribute.attributes.FramedProtocol;
import org.aaa4j.radius.core.attribute.attributes.NasIdentifier;
import org.aaa4j.radius.core.attribute.attributes.NasPortType;
import org.aaa4j.radius.core.attribute.attributes.ServiceType;
import org.aaa4j.radius.core.attribute.attributes.State;
import org.aaa4j.radius.core.attribute.attributes.UserName;
import org.aaa4j.radius.core.attribute.attributes.UserPassword;
import org.aaa4j.radius.core.attribute.attributes.VendorSpecific;

/** What is said in an Access-Request. */
final class LoginRequests {

  /** RFC 2865, section 5.2. */
  static final int LONGEST_PASSWORD = 128;

  /** What an attribute holds (RFC 2865, section 5). */
  static final int LONGEST_NAME = 253;

  static final int MICROSOFT = 311;
  private static final int MS_CHAP_CHALLENGE = 11;
  private static final int MS_CHAP2_RESPONSE = 25;

  private static final int VIRTUAL = 5;
  private static final int FRAMED = 2;
  private static final int PPP = 1;

  private LoginRequests() {}

  /** A password as RFC 2865 hides it. */
  static List<Attribute<?>> password(
      RadiusSettings settings, String user, String password, String clientAddress) {
    List<Attribute<?>> attributes = who(settings, user, clientAddress);
    attributes.add(new UserPassword(new StringData(password.getBytes(StandardCharsets.UTF_8))));
    return attributes;
  }

  /** A response to a challenge that stands for the password (RFC 2548, section 2.3). */
  static List<Attribute<?>> msChapV2(
      RadiusSettings settings, String user, MsChapV2 conversation, String clientAddress) {
    List<Attribute<?>> attributes = who(settings, user, clientAddress);
    attributes.add(microsoft(MS_CHAP_CHALLENGE, conversation.authenticator()));
    byte[] response = new byte[50];
    System.arraycopy(conversation.peer(), 0, response, 2, 16);
    System.arraycopy(conversation.response(), 0, response, 26, 24);
    attributes.add(microsoft(MS_CHAP2_RESPONSE, response));
    return attributes;
  }

  /** The answer to a challenge: a password in whatever way, with the server's State. */
  static List<Attribute<?>> answer(
      RadiusSettings settings, String user, String answer, byte[] state, String clientAddress) {
    List<Attribute<?>> attributes = password(settings, user, answer, clientAddress);
    attributes.add(new State(new StringData(state)));
    return attributes;
  }

  /**
   * An EAP packet of a client on its way to the server.
   *
   * @param state what the server wants back; empty at the beginning
   */
  static List<Attribute<?>> eap(
      RadiusSettings settings, String user, byte[] eap, byte[] state, String clientAddress) {
    List<Attribute<?>> attributes = who(settings, user, clientAddress);
    attributes.add(EapPackets.attribute(eap));
    if (state.length > 0) {
      attributes.add(new State(new StringData(state)));
    }
    return attributes;
  }

  /** Whether a name can be said in RADIUS. */
  static boolean canName(String user) {
    int bytes = user.getBytes(StandardCharsets.UTF_8).length;
    return bytes > 0 && bytes <= LONGEST_NAME;
  }

  /** Whether a name and a password can be said in RADIUS at all. */
  static boolean canSay(String user, String password, PasswordProtocol protocol) {
    int length =
        protocol == PasswordProtocol.PAP
            ? password.getBytes(StandardCharsets.UTF_8).length
            : password.length();
    // MSCHAPv2 hashes up to 256 characters (RFC 2759, section 8.3)
    int longest = protocol == PasswordProtocol.PAP ? LONGEST_PASSWORD : 256;
    return canName(user) && length <= longest && password.indexOf('\0') < 0;
  }

  private static List<Attribute<?>> who(
      RadiusSettings settings, String user, String clientAddress) {
    List<Attribute<?>> attributes = new ArrayList<>();
    attributes.add(new UserName(new TextData(user)));
    attributes.add(new NasIdentifier(new TextData(settings.nasIdentifier())));
    attributes.add(new NasPortType(new EnumData(VIRTUAL)));
    attributes.add(new ServiceType(new EnumData(FRAMED)));
    attributes.add(new FramedProtocol(new EnumData(PPP)));
    attributes.add(new CallingStationId(new TextData(withoutPort(clientAddress))));
    return attributes;
  }

  static String withoutPort(String clientAddress) {
    return clientAddress
        .substring(0, Math.max(0, clientAddress.lastIndexOf(':')))
        .replaceAll("[\\[\\]]", "");
  }

  private static VendorSpecific microsoft(int type, byte[] value) {
    return new VendorSpecific(new VsaData(MICROSOFT, type, value));
  }
}

package dev.p2s.agent.radius;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.aaa4j.radius.core.attribute.Attribute;
import org.aaa4j.radius.core.attribute.EnumData;
import org.aaa4j.radius.core.attribute.IntegerData;
import org.aaa4j.radius.core.attribute.Ipv4AddrData;
import org.aaa4j.radius.core.attribute.StringData;
import org.aaa4j.radius.core.attribute.TextData;
import org.aaa4j.radius.core.attribute.TimeData;
import org.aaa4j.radius.core.attribute.attributes.AcctAuthentic;
import org.aaa4j.radius.core.attribute.attributes.AcctDelayTime;
import org.aaa4j.radius.core.attribute.attributes.AcctInputGigawords;
import org.aaa4j.radius.core.attribute.attributes.AcctInputOctets;
import org.aaa4j.radius.core.attribute.attributes.AcctInputPackets;
import org.aaa4j.radius.core.attribute.attributes.AcctOutputGigawords;
import org.aaa4j.radius.core.attribute.attributes.AcctOutputOctets;
import org.aaa4j.radius.core.attribute.attributes.AcctOutputPackets;
import org.aaa4j.radius.core.attribute.attributes.AcctSessionId;
import org.aaa4j.radius.core.attribute.attributes.AcctSessionTime;
import org.aaa4j.radius.core.attribute.attributes.AcctStatusType;
import org.aaa4j.radius.core.attribute.attributes.AcctTerminateCause;
import org.aaa4j.radius.core.attribute.attributes.CallingStationId;
import org.aaa4j.radius.core.attribute.attributes.Class;
import org.aaa4j.radius.core.attribute.attributes.ConnectInfo;
import org.aaa4j.radius.core.attribute.attributes.EventTimestamp;
import org.aaa4j.radius.core.attribute.attributes.FramedIpAddress;
import org.aaa4j.radius.core.attribute.attributes.NasIdentifier;
import org.aaa4j.radius.core.attribute.attributes.NasPortType;
import org.aaa4j.radius.core.attribute.attributes.UserName;

/** What is said in an Accounting-Request (RFC 2866, RFC 2869). */
final class AccountingRequests {

  private static final int VIRTUAL = 5;
  private static final int GIGAWORD = 32;

  /** Acct-Authentic: who has vouched for the person. */
  private static final int BY_RADIUS = 1;

  private static final int BY_US = 2;
  private static final int BY_SOMEBODY_ELSE = 3;

  private AccountingRequests() {}

  /**
   * @param nasIdentifier what the gateway calls itself
   * @param now when the request is sent: what lies between is Acct-Delay-Time
   */
  static List<Attribute<?>> of(AccountingRecord record, String nasIdentifier, Instant now) {
    Instant at = Instant.ofEpochMilli(record.atMillis());
    List<Attribute<?>> attributes = new ArrayList<>();
    attributes.add(new AcctStatusType(new EnumData(record.status().number())));
    attributes.add(new AcctSessionId(new TextData(record.session())));
    attributes.add(new UserName(new TextData(bounded(record.user()))));
    attributes.add(new NasIdentifier(new TextData(nasIdentifier)));
    attributes.add(new NasPortType(new EnumData(VIRTUAL)));
    attributes.add(new ConnectInfo(new TextData(record.protocol())));
    if (literal(record.address()) instanceof Inet4Address address) {
      attributes.add(new FramedIpAddress(new Ipv4AddrData(address)));
    }
    attributes.add(
        new CallingStationId(new TextData(LoginRequests.withoutPort(record.clientAddress()))));
    attributes.add(
        new AcctAuthentic(
            new EnumData(
                switch (record.method()) {
                  case RADIUS -> BY_RADIUS;
                  case Certificate -> BY_US;
                  case EntraID, OIDC -> BY_SOMEBODY_ELSE;
                })));
    for (String each : record.classes()) {
      attributes.add(new Class(new StringData(Base64.getDecoder().decode(each))));
    }
    attributes.add(new EventTimestamp(new TimeData(at)));
    attributes.add(
        new AcctDelayTime(
            new IntegerData((int) Math.max(0, now.getEpochSecond() - at.getEpochSecond()))));
    if (record.status() != AccountingRecord.Status.START) {
      attributes.add(new AcctSessionTime(new IntegerData((int) record.seconds())));
      attributes.add(new AcctInputOctets(new IntegerData((int) record.in())));
      attributes.add(new AcctInputGigawords(new IntegerData((int) (record.in() >>> GIGAWORD))));
      attributes.add(new AcctOutputOctets(new IntegerData((int) record.out())));
      attributes.add(new AcctOutputGigawords(new IntegerData((int) (record.out() >>> GIGAWORD))));
      attributes.add(new AcctInputPackets(new IntegerData((int) record.packetsIn())));
      attributes.add(new AcctOutputPackets(new IntegerData((int) record.packetsOut())));
    }
    if (record.cause() != null) {
      attributes.add(new AcctTerminateCause(new EnumData(record.cause().number())));
    }
    return attributes;
  }

  // a certificate or a token may name somebody by more than an attribute holds
  private static String bounded(String user) {
    byte[] bytes = user.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= LoginRequests.LONGEST_NAME
        ? user
        : new String(Arrays.copyOf(bytes, LoginRequests.LONGEST_NAME - 3), StandardCharsets.UTF_8);
  }

  private static InetAddress literal(String address) {
    return InetAddress.ofLiteral(address);
  }
}

package dev.p2s.agent.ikev2;

import dev.p2s.dataplane.ikev2.ViciSection;
import dev.p2s.dataplane.ikev2.ViciSection.Inner;
import dev.p2s.dataplane.ikev2.ViciSection.Items;
import dev.p2s.dataplane.ikev2.ViciSection.Scalar;
import dev.p2s.dataplane.ikev2.ViciSection.ViciValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The elements of a vici message as strongSwan's README of its plugin "vici" defines them: a type
 * octet, a name with an octet of length, a value with two.
 */
final class ViciCodec {

  private static final int SECTION_START = 1;
  private static final int SECTION_END = 2;
  private static final int KEY_VALUE = 3;
  private static final int LIST_START = 4;
  private static final int LIST_ITEM = 5;
  private static final int LIST_END = 6;

  private static final int LONGEST_VALUE = 0xffff;
  private static final int LONGEST_NAME = 0xff;

  /** charon's own messages nest four deep. */
  private static final int DEEPEST = 16;

  private ViciCodec() {}

  /**
   * @throws IllegalArgumentException where a name or a value is too long for the protocol
   */
  static byte[] encode(ViciSection section) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    encode(section, out);
    return out.toByteArray();
  }

  /**
   * @throws IOException where the octets are no message
   */
  static ViciSection decode(ByteBuffer in) throws IOException {
    try {
      return decode(in, 0);
    } catch (BufferUnderflowException e) {
      throw new IOException("a vici message ends in the middle of an element", e);
    }
  }

  private static void encode(ViciSection section, ByteArrayOutputStream out) {
    section
        .entries()
        .forEach(
            (name, value) -> {
              switch (value) {
                case Scalar(String octets) -> {
                  out.write(KEY_VALUE);
                  name(name, out);
                  value(octets, out);
                }
                case Items(List<String> items) -> {
                  out.write(LIST_START);
                  name(name, out);
                  for (String item : items) {
                    out.write(LIST_ITEM);
                    value(item, out);
                  }
                  out.write(LIST_END);
                }
                case Inner(ViciSection inner) -> {
                  out.write(SECTION_START);
                  name(name, out);
                  encode(inner, out);
                  out.write(SECTION_END);
                }
              }
            });
  }

  private static void name(String name, ByteArrayOutputStream out) {
    byte[] octets = name.getBytes(StandardCharsets.US_ASCII);
    if (octets.length > LONGEST_NAME) {
      throw new IllegalArgumentException("a vici name has 255 octets at most");
    }
    out.write(octets.length);
    out.writeBytes(octets);
  }

  private static void value(String value, ByteArrayOutputStream out) {
    byte[] octets = value.getBytes(StandardCharsets.ISO_8859_1);
    if (octets.length > LONGEST_VALUE) {
      throw new IllegalArgumentException("a vici value has 65535 octets at most");
    }
    out.write(octets.length >> 8);
    out.write(octets.length);
    out.writeBytes(octets);
  }

  private static ViciSection decode(ByteBuffer in, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new IOException("a vici message nests deeper than " + DEEPEST);
    }
    Map<String, ViciValue> entries = new LinkedHashMap<>();
    while (in.hasRemaining()) {
      int type = in.get();
      switch (type) {
        case SECTION_START -> entries.put(name(in), new Inner(decode(in, depth + 1)));
        case SECTION_END -> {
          if (depth == 0) {
            throw new IOException("a vici section ends that has not begun");
          }
          return new ViciSection(entries);
        }
        case KEY_VALUE -> entries.put(name(in), new Scalar(value(in)));
        case LIST_START -> entries.put(name(in), items(in));
        default -> throw new IOException("a vici message has an element of type " + type);
      }
    }
    if (depth > 0) {
      throw new IOException("a vici section does not end");
    }
    return new ViciSection(entries);
  }

  private static Items items(ByteBuffer in) throws IOException {
    List<String> items = new ArrayList<>();
    int type = in.get();
    while (type == LIST_ITEM) {
      items.add(value(in));
      type = in.get();
    }
    if (type != LIST_END) {
      throw new IOException("a vici list has an element of type " + type);
    }
    return new Items(items);
  }

  private static String name(ByteBuffer in) {
    return octets(in, Byte.toUnsignedInt(in.get()));
  }

  private static String value(ByteBuffer in) {
    return octets(in, Short.toUnsignedInt(in.getShort()));
  }

  private static String octets(ByteBuffer in, int length) {
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] octets = new byte[length];
    in.get(octets);
    return new String(octets, StandardCharsets.ISO_8859_1);
  }
}

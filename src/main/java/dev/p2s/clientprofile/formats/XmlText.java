package dev.p2s.clientprofile.formats;

import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Writes indented XML; whatever text it is given stays text, on one line. What XML 1.0 has no place
 * for (its section 2.2) shows as the replacement character.
 */
final class XmlText {

  private static final int REPLACEMENT = 0xFFFD;

  private final StringWriter text = new StringWriter();
  private final XMLStreamWriter writer;
  private final Deque<Boolean> hasChildren = new ArrayDeque<>();

  XmlText() {
    try {
      writer = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
  }

  XmlText declaration() {
    text.append("<?xml version=\"1.0\" encoding=\"utf-8\"?>");
    return this;
  }

  /** A document type that has entities of nobody's. */
  XmlText doctype(String doctype) {
    text.append('\n').append(doctype);
    return this;
  }

  /** Opens an element with attributes given as name, value, name, value. */
  XmlText open(String name, String... attributes) {
    return guarded(
        () -> {
          indent();
          writer.writeStartElement(name);
          for (int i = 0; i < attributes.length; i += 2) {
            writer.writeAttribute(attributes[i], legal(attributes[i + 1]));
          }
          hasChildren.push(false);
        });
  }

  XmlText close() {
    return guarded(
        () -> {
          if (hasChildren.pop()) {
            writer.writeCharacters("\n" + "  ".repeat(hasChildren.size()));
          }
          writer.writeEndElement();
        });
  }

  /** An element of text, with attributes as {@link #open} takes them. */
  XmlText element(String name, String value, String... attributes) {
    return guarded(
        () -> {
          indent();
          writer.writeStartElement(name);
          for (int i = 0; i < attributes.length; i += 2) {
            writer.writeAttribute(attributes[i], legal(attributes[i + 1]));
          }
          writer.writeCharacters(legal(value));
          writer.writeEndElement();
        });
  }

  /** An element that says that there is nothing. */
  XmlText nil(String name) {
    return guarded(
        () -> {
          indent();
          writer.writeEmptyElement(name);
          writer.writeAttribute("i:nil", "true");
        });
  }

  String finish() {
    guarded(writer::flush);
    return text.toString().strip() + "\n";
  }

  private static String legal(String text) {
    return text.codePoints()
        .map(c -> isLegal(c) ? c : REPLACEMENT)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isLegal(int character) {
    return !Character.isISOControl(character)
        && (character < Character.MIN_SURROGATE || character > Character.MAX_SURROGATE)
        && character != 0xFFFE
        && character != 0xFFFF;
  }

  private void indent() throws XMLStreamException {
    if (!hasChildren.isEmpty()) {
      hasChildren.pop();
      hasChildren.push(true);
    }
    writer.writeCharacters("\n" + "  ".repeat(hasChildren.size()));
  }

  private XmlText guarded(Step step) {
    try {
      step.run();
      return this;
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
  }

  private interface Step {
    void run() throws XMLStreamException;
  }
}

package dev.p2s.dataplane.ikev2;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A section of strongSwan's vici protocol, which is also the shape of its swanctl.conf: keys with
 * values, lists of values and further sections, in an order. Values are octets; they are held as
 * ISO 8859-1 text, one character an octet, so that none is lost.
 */
public record ViciSection(Map<String, ViciValue> entries) {

  /** No entries. */
  public static final ViciSection EMPTY = new ViciSection(Map.of());

  /** What a key has. */
  public sealed interface ViciValue {}

  /** Octets. */
  public record Scalar(String octets) implements ViciValue {}

  /** Several of them. */
  public record Items(List<String> octets) implements ViciValue {
    public Items {
      octets = List.copyOf(octets);
    }
  }

  /** A section within. */
  public record Inner(ViciSection section) implements ViciValue {}

  public ViciSection {
    entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  /** A key's value as text; empty where the key has none. */
  public Optional<String> text(String key) {
    return entries.get(key) instanceof Scalar(String octets)
        ? Optional.of(text(octets.getBytes(StandardCharsets.ISO_8859_1)))
        : Optional.empty();
  }

  /** A key's value as octets; empty where the key has none. */
  public Optional<byte[]> octets(String key) {
    return entries.get(key) instanceof Scalar(String octets)
        ? Optional.of(octets.getBytes(StandardCharsets.ISO_8859_1))
        : Optional.empty();
  }

  /** A key's list as text; empty where the key has none. */
  public List<String> list(String key) {
    return entries.get(key) instanceof Items(List<String> items)
        ? items.stream().map(item -> text(item.getBytes(StandardCharsets.ISO_8859_1))).toList()
        : List.of();
  }

  /** The section of a key; without entries where the key has none. */
  public ViciSection section(String key) {
    return entries.get(key) instanceof Inner(ViciSection section) ? section : EMPTY;
  }

  /** The sections within, by name. */
  public Map<String, ViciSection> sections() {
    Map<String, ViciSection> sections = new LinkedHashMap<>();
    entries.forEach(
        (name, value) -> {
          if (value instanceof Inner(ViciSection section)) {
            sections.put(name, section);
          }
        });
    return sections;
  }

  /** Names what there is; values may be keys. */
  @Override
  public String toString() {
    return "ViciSection" + entries.keySet();
  }

  private static String text(byte[] octets) {
    return new String(octets, StandardCharsets.UTF_8);
  }

  /** Begins a section. */
  public static Builder of() {
    return new Builder();
  }

  /** Collects entries in their order. */
  public static final class Builder {

    private final Map<String, ViciValue> entries = new LinkedHashMap<>();

    public Builder put(String key, String text) {
      entries.put(key, new Scalar(octets(text)));
      return this;
    }

    public Builder put(String key, List<String> texts) {
      entries.put(key, new Items(texts.stream().map(Builder::octets).toList()));
      return this;
    }

    public Builder put(String key, ViciSection section) {
      entries.put(key, new Inner(section));
      return this;
    }

    public ViciSection build() {
      return new ViciSection(entries);
    }

    private static String octets(String text) {
      return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
  }
}

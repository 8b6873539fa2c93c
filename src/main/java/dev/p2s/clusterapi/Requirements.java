package dev.p2s.clusterapi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a field or label selector asks for; all of it has to hold. */
final class Requirements {

  /** Everything holds. */
  static final Requirements NONE = new Requirements(List.of());

  private static final int LIMIT = 64;
  private static final Pattern COMPARISON = Pattern.compile("([^=!,()\\s]+)\\s*(!=|==|=)\\s*(.*)");
  private static final Pattern AMONG =
      Pattern.compile("([^=!,()\\s]+)\\s+(in|notin)\\s*\\(([^()]*)\\)");
  private static final Pattern EXISTS = Pattern.compile("(!?)\\s*([^=!,()\\s]+)");

  /** One part; {@code values} null asks whether the key is there at all. */
  private record Requirement(String key, boolean wanted, Set<String> values) {
    boolean holds(Map<String, String> told) {
      String value = told.get(key);
      return (values == null ? value != null : value != null && values.contains(value)) == wanted;
    }
  }

  private final List<Requirement> all;

  private Requirements(List<Requirement> all) {
    this.all = all;
  }

  /** Whether nothing is asked for. */
  boolean isNone() {
    return all.isEmpty();
  }

  boolean hold(Map<String, String> told) {
    return all.stream().allMatch(requirement -> requirement.holds(told));
  }

  /**
   * A field selector: {@code user=alice,protocol!=IKEv2}. In values a backslash stands before a
   * comma, an equals sign or a backslash.
   *
   * @param known fields that can be asked for
   */
  static Requirements ofFields(String selector, Set<String> known) {
    List<Requirement> all = new ArrayList<>();
    for (String part : parts(selector, true)) {
      Matcher comparison = COMPARISON.matcher(part);
      if (!comparison.matches()) {
        throw ApiFailure.badRequest("field selector '" + part + "': write field=value");
      }
      String field = comparison.group(1);
      if (!known.contains(field)) {
        throw ApiFailure.badRequest(
            "field label not supported: "
                + field
                + "; there are "
                + known.stream().sorted().collect(Collectors.joining(", ")));
      }
      all.add(compared(field, comparison.group(2), unescaped(comparison.group(3))));
    }
    return new Requirements(List.copyOf(all));
  }

  /** A label selector, with every operator that Kubernetes has for labels. */
  static Requirements ofLabels(String selector) {
    List<Requirement> all = new ArrayList<>();
    for (String part : parts(selector, false)) {
      Matcher among = AMONG.matcher(part);
      Matcher comparison = COMPARISON.matcher(part);
      Matcher exists = EXISTS.matcher(part);
      if (among.matches()) {
        all.add(
            new Requirement(
                among.group(1),
                among.group(2).equals("in"),
                Stream.of(among.group(3).split(","))
                    .map(String::strip)
                    .collect(Collectors.toSet())));
      } else if (comparison.matches()) {
        all.add(compared(comparison.group(1), comparison.group(2), comparison.group(3).strip()));
      } else if (exists.matches()) {
        all.add(new Requirement(exists.group(2), exists.group(1).isEmpty(), null));
      } else {
        throw ApiFailure.badRequest("label selector '" + part + "' cannot be read");
      }
    }
    return new Requirements(List.copyOf(all));
  }

  private static Requirement compared(String key, String operator, String value) {
    return new Requirement(key, !operator.equals("!="), Set.of(value));
  }

  /** Divides at commas that are neither escaped nor in brackets. */
  private static List<String> parts(String selector, boolean escapes) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    int depth = 0;
    for (int i = 0; i < selector.length(); i++) {
      char c = selector.charAt(i);
      if (escapes && c == '\\' && i + 1 < selector.length()) {
        part.append(c).append(selector.charAt(++i));
        continue;
      }
      depth += c == '(' && !escapes ? 1 : c == ')' && !escapes ? -1 : 0;
      if (c == ',' && depth == 0) {
        add(parts, part);
      } else {
        part.append(c);
      }
    }
    add(parts, part);
    return parts;
  }

  private static void add(List<String> parts, StringBuilder part) {
    String text = part.toString().strip();
    part.setLength(0);
    if (!text.isEmpty()) {
      parts.add(text);
    }
    if (parts.size() > LIMIT) {
      throw ApiFailure.badRequest("a selector has more than " + LIMIT + " parts");
    }
  }

  private static String unescaped(String value) {
    return value.strip().replaceAll("\\\\(.)", "$1");
  }
}

package dev.p2s.addressing;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A host or domain name in the letters that DNS hosts use (RFC 1123 §2.1), lower case, without the
 * closing dot; 253 characters at most. The only form in which a name reaches a configuration file.
 */
public record Fqdn(String value) {

  private static final Pattern NAME =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

  public Fqdn {
    if (!NAME.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "is not a DNS name: letters, digits and '-' in labels of at most 63 characters");
    }
  }

  /**
   * @throws IllegalArgumentException where the text is no DNS name
   */
  @JsonCreator
  public static Fqdn parse(String text) {
    String name = text.toLowerCase(Locale.ROOT);
    return new Fqdn(name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
  }

  @JsonValue
  @Override
  public String toString() {
    return value;
  }
}

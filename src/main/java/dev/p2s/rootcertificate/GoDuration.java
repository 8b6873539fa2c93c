package dev.p2s.rootcertificate;

import java.time.Duration;
import java.util.regex.Pattern;

/** Durations as Kubernetes writes them: hours, minutes and seconds such as {@code 2160h}. */
public final class GoDuration {

  private static final Pattern FORM =
      Pattern.compile("(?=.)([0-9]{1,7}h)?([0-9]{1,9}m)?([0-9]{1,9}s)?");

  private GoDuration() {}

  /**
   * @throws IllegalArgumentException where the text is no such duration
   */
  public static Duration parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("is no duration such as 2160h or 720h30m");
    }
    return Duration.parse("PT" + text);
  }
}

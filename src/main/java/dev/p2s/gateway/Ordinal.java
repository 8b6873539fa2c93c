package dev.p2s.gateway;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The place of a pod in its StatefulSet, 0 and up, which its name ends in. */
final class Ordinal {

  private static final Pattern NAME = Pattern.compile(".*-([0-9]{1,4})");

  private Ordinal() {}

  /** Empty where the name ends in none. */
  static Optional<Integer> of(Pod pod) {
    Matcher name = NAME.matcher(pod.getMetadata().getName());
    return name.matches() ? Optional.of(Integer.parseInt(name.group(1))) : Optional.empty();
  }
}

package dev.p2s.demo;

import dev.p2s.cluster.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;

/** What happened, step by step, how long each took, and what was seen of it. */
final class Journal {

  /**
   * A step that is over.
   *
   * @param seen what there was to see of its success, one line
   */
  record Step(String name, Duration took, String seen) {}

  private final List<Step> steps = new ArrayList<>();

  /** Notes a step that others have done. */
  void done(String name, Duration took, String seen) {
    steps.add(new Step(name, took, seen));
  }

  /** Does a step and notes it; the work returns what was seen. */
  void step(String name, Callable<String> work) {
    Progress.say("demo: %s", name);
    Instant began = Instant.now();
    try {
      String seen = work.call();
      done(name, Duration.between(began, Instant.now()), seen);
    } catch (Exception | AssertionError e) {
      done(name, Duration.between(began, Instant.now()), "FAILED");
      throw new IllegalStateException(name + ": " + reasons(e), e);
    }
  }

  /** An engine's own words stand in the innermost cause. */
  private static String reasons(Throwable failure) {
    Set<String> reasons = new LinkedHashSet<>();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      reasons.add(cause.getMessage() == null ? cause.toString() : cause.getMessage());
    }
    return String.join("\n  because: ", reasons);
  }

  List<Step> steps() {
    return List.copyOf(steps);
  }

  String table() {
    int names = width(steps.stream().map(Step::name).toList(), "step");
    StringBuilder table = new StringBuilder();
    String row = "  %-" + names + "s  %11s  %s%n";
    table.append(String.format(Locale.ROOT, row, "step", "took", "what was seen"));
    table.append(
        String.format(Locale.ROOT, row, "-".repeat(names), "-".repeat(11), "-".repeat(40)));
    for (Step step : steps) {
      table.append(String.format(Locale.ROOT, row, step.name(), written(step.took()), step.seen()));
    }
    return table.toString();
  }

  static String written(Duration took) {
    return took.toMinutes() > 0
        ? took.toMinutes() + " min " + took.toSecondsPart() + " s"
        : String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
  }

  private static int width(List<String> texts, String heading) {
    return Math.max(heading.length(), texts.stream().mapToInt(String::length).max().orElse(0));
  }
}

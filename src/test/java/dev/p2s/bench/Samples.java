package dev.p2s.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Measured values of one thing, in one unit. */
record Samples(String unit, double[] sorted) {

  static Samples of(String unit, List<? extends Number> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
    double[] sorted = values.stream().mapToDouble(Number::doubleValue).sorted().toArray();
    return new Samples(unit, sorted);
  }

  double median() {
    return quantile(0.5);
  }

  /** Nearest rank: a value that was seen. */
  double quantile(double part) {
    int rank = (int) Math.ceil(part * sorted.length);
    return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
  }

  String spread() {
    return String.format(
        Locale.ROOT, "%.0f–%.0f, n=%d", sorted[0], sorted[sorted.length - 1], sorted.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Samples samples
        && unit.equals(samples.unit)
        && Arrays.equals(sorted, samples.sorted);
  }

  @Override
  public int hashCode() {
    return 31 * unit.hashCode() + Arrays.hashCode(sorted);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.0f %s (%s)", median(), unit, spread());
  }
}

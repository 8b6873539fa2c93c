package dev.p2s.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table that {@code make bench} prints, and {@code target/bench/results.csv}. */
final class Results {

  /**
   * @param anchor what ours is compared with, in ours' unit; NaN where there is nothing to compare
   * @param anchorName what the anchor is
   */
  private record Row(
      String what, double ours, String unit, double anchor, String anchorName, String spread) {

    String ratio() {
      return Double.isNaN(anchor) ? "" : String.format(Locale.ROOT, "%.2f", ours / anchor);
    }

    String anchorText() {
      return Double.isNaN(anchor) ? "" : String.format(Locale.ROOT, "%.0f", anchor);
    }
  }

  private final List<Row> rows = new ArrayList<>();

  void add(String what, Samples ours, Samples anchor, String anchorName) {
    row(what, ours.median(), ours, anchor.median(), anchorName);
  }

  /** Compared with a figure that the project aims at. */
  void add(String what, double value, Samples ours, double aim) {
    row(what, value, ours, aim, "aim");
  }

  void add(String what, Samples ours) {
    row(what, ours.median(), ours, Double.NaN, "");
  }

  private void row(String what, double value, Samples ours, double anchor, String anchorName) {
    Row row = new Row(what, value, ours.unit(), anchor, anchorName, ours.spread());
    rows.add(row);
    System.err.println("    " + line(row));
  }

  private static String line(Row row) {
    return String.format(
        Locale.ROOT,
        "| %-52s | %6.0f %-3s | %6s | %-36s | %5s | %-18s |",
        row.what,
        row.ours,
        row.unit,
        row.anchorText(),
        row.anchorName,
        row.ratio(),
        row.spread);
  }

  String table() {
    StringBuilder table = new StringBuilder();
    table.append(
        "| what | ours | anchor | the anchor is | ratio | spread |\n|---|---|---|---|---|---|\n");
    rows.forEach(row -> table.append(line(row)).append('\n'));
    return table.toString();
  }

  void write(Path file, String machine) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("what,ours,unit,anchor,anchor_name,ratio,spread,machine");
    for (Row row : rows) {
      lines.add(
          String.format(
              Locale.ROOT,
              "\"%s\",%.1f,%s,%s,\"%s\",%s,\"%s\",\"%s\"",
              row.what,
              row.ours,
              row.unit,
              row.anchorText(),
              row.anchorName,
              row.ratio(),
              row.spread,
              machine));
    }
    Files.createDirectories(file.getParent());
    Files.write(file, lines);
  }
}

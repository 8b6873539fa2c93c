package dev.p2s.catalog;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a table of the seed: a header line, then a row a line; no cell holds a comma. */
final class CatalogTable {

  private CatalogTable() {}

  /** The rows in their order, each by column name. */
  static List<Map<String, String>> read(String name) {
    String path = "/catalog/" + name + ".csv";
    try (InputStream stream = CatalogTable.class.getResourceAsStream(path)) {
      if (stream == null) {
        throw new IllegalStateException("the image lacks " + path);
      }
      List<String> lines =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))
              .lines()
              .filter(line -> !line.isBlank())
              .toList();
      List<String> columns = List.of(lines.getFirst().split(",", -1));
      return lines.stream().skip(1).map(line -> row(columns, line)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A cell of several names as a set, in the enumeration's order. */
  static <E extends Enum<E>> Set<E> each(Class<E> type, String joined, String separator) {
    return Arrays.stream(joined.split(separator))
        .map(name -> Enum.valueOf(type, name))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(type)));
  }

  private static Map<String, String> row(List<String> columns, String line) {
    String[] cells = line.split(",", -1);
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      row.put(columns.get(i), cells[i]);
    }
    return Map.copyOf(row);
  }
}

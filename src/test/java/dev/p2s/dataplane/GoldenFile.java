package dev.p2s.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A rendered text as it was last reviewed; {@code -Dgolden.write=true} writes it anew. */
public final class GoldenFile {

  private GoldenFile() {}

  public static void assertMatches(String name, String rendered) throws IOException {
    Path file = Path.of("src/test/resources/golden").resolve(name);
    if (Boolean.getBoolean("golden.write")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, rendered);
    }
    assertThat(rendered).isEqualTo(Files.readString(file));
  }
}

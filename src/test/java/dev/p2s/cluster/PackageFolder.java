package dev.p2s.cluster;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** One folder of a profile's package; texts by path. */
final class PackageFolder {

  private PackageFolder() {}

  /**
   * @param folder with a slash at its end, which stays in the paths
   */
  static Map<String, String> of(byte[] zip, String folder) {
    Map<String, String> files = new HashMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry file = in.getNextEntry(); file != null; file = in.getNextEntry()) {
        if (file.getName().startsWith(folder)) {
          files.put(file.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }
}

package dev.p2s.dataplane;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** How the processes of a gateway pod talk: JSON, one object a line, in UTF-8. */
public final class JsonLines {

  /** The longest line that is read, in bytes: 10,000 grants take about 400 kB. */
  public static final int MAX_LINE = 2 * 1024 * 1024;

  private final ObjectMapper json = JsonMapper.builder().build();

  /**
   * @param type what the reader expects, of which the message is one kind
   */
  public byte[] write(Object message, Class<?> type) {
    try {
      return (json.writerFor(type).writeValueAsString(message) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * @throws IllegalArgumentException where the line is none of this type; keys and passwords travel
   *     here, so it repeats nothing of what was read
   */
  public <T> T read(String line, Class<T> type) {
    try {
      T value = json.readValue(line, type);
      if (value == null) {
        throw new IllegalArgumentException("null is no message");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a line is no " + type.getSimpleName());
    }
  }

  /**
   * Reads up to the next line feed.
   *
   * @return empty at the end of the stream
   * @throws IOException where the line is longer than {@link #MAX_LINE}
   */
  public static Optional<String> next(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        return Optional.of(line.toString(StandardCharsets.UTF_8));
      }
      if (line.size() == MAX_LINE) {
        throw new IOException("a line is longer than " + MAX_LINE + " bytes");
      }
      line.write(b);
    }
    return Optional.empty();
  }
}

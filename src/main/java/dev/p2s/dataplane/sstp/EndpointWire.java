package dev.p2s.dataplane.sstp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;

/** Commands and events as JSON, one object a line, in UTF-8. */
public final class EndpointWire {

  /** Where the endpoint listens for its agent, below the pod's run directory. */
  public static final String SOCKET = "sstp/endpoint.sock";

  private final ObjectMapper json = JsonMapper.builder().build();

  public byte[] write(EndpointCommand command) {
    return line(command, EndpointCommand.class);
  }

  public byte[] write(EndpointEvent event) {
    return line(event, EndpointEvent.class);
  }

  /**
   * @throws IllegalArgumentException where the line is no command; the message shows none of it
   */
  public EndpointCommand readCommand(String line) {
    return read(line, EndpointCommand.class);
  }

  /**
   * @throws IllegalArgumentException where the line is no event; the message shows none of it
   */
  public EndpointEvent readEvent(String line) {
    return read(line, EndpointEvent.class);
  }

  private byte[] line(Object value, Class<?> type) {
    try {
      return (json.writerFor(type).writeValueAsString(value) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private <T> T read(String line, Class<T> type) {
    try {
      T value = json.readValue(line, type);
      if (value == null) {
        throw new IllegalArgumentException("null is no message");
      }
      return value;
    } catch (JsonProcessingException e) {
      // Keys and passwords travel here: what was read is not repeated.
      throw new IllegalArgumentException("a line is no " + type.getSimpleName());
    }
  }
}

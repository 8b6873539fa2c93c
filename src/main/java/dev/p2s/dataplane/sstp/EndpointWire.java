package dev.p2s.dataplane.sstp;

import dev.p2s.dataplane.JsonLines;

/** What the agent and the SSTP endpoint say to each other. */
public final class EndpointWire {

  /** Where the endpoint listens for its agent, below the pod's run directory. */
  public static final String SOCKET = "sstp/endpoint.sock";

  private final JsonLines lines = new JsonLines();

  public byte[] write(EndpointCommand command) {
    return lines.write(command, EndpointCommand.class);
  }

  public byte[] write(EndpointEvent event) {
    return lines.write(event, EndpointEvent.class);
  }

  /**
   * @throws IllegalArgumentException where the line is no command; the message shows none of it
   */
  public EndpointCommand readCommand(String line) {
    return lines.read(line, EndpointCommand.class);
  }

  /**
   * @throws IllegalArgumentException where the line is no event; the message shows none of it
   */
  public EndpointEvent readEvent(String line) {
    return lines.read(line, EndpointEvent.class);
  }
}

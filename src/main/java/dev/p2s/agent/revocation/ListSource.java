package dev.p2s.agent.revocation;

import java.io.IOException;

/** Where revocation lists come from. */
public interface ListSource extends AutoCloseable {

  /**
   * What is at an address, within bounds of size and time.
   *
   * @throws IOException where it cannot be had; the message says why
   */
  byte[] fetch(String url) throws IOException;

  @Override
  void close();
}

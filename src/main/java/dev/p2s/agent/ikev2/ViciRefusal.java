package dev.p2s.agent.ikev2;

import java.io.IOException;

/** charon has understood a command and does not carry it out. */
final class ViciRefusal extends IOException {

  private static final long serialVersionUID = 1L;

  ViciRefusal(String message) {
    super(message);
  }
}

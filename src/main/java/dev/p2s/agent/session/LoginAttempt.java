package dev.p2s.agent.session;

import java.util.Optional;

/**
 * A name and a password that a client has sent, or its answer to a challenge.
 *
 * @param user as the client wrote it
 * @param password what it wrote; an access token where people come with one. Never printed.
 * @param clientAddress where it comes from, {@code address:port}
 * @param challenge which challenge is answered; {@code password} is the answer then
 */
public record LoginAttempt(
    String user, String password, String clientAddress, Optional<String> challenge) {

  @Override
  public String toString() {
    return "LoginAttempt from " + clientAddress;
  }
}

package dev.p2s.agent.weblogin;

import java.time.Instant;

/**
 * A VPN client that waits while its person logs in with a browser.
 *
 * @param id names it in the address that the client opens; nobody can guess it
 * @param state ties the issuer's answer to it (RFC 6749 §10.12), {@code nonce} the token (OpenID
 *     Connect Core 3.1.2.1), {@code verifier} the code (RFC 7636)
 * @param browser what the one browser that began shows again with each step
 * @param clientAddress where the VPN client comes from
 * @param since when it began to wait
 */
record PendingLogin(
    String id,
    String state,
    String nonce,
    String verifier,
    String browser,
    String clientAddress,
    Instant since) {

  @Override
  public String toString() {
    return "PendingLogin from " + clientAddress;
  }
}

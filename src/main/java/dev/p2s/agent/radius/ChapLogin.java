package dev.p2s.agent.radius;

/**
 * A client's answer to MSCHAPv2's challenge (RFC 2759), which stands for its password.
 *
 * @param user as the client wrote it, domain included
 * @param challenge the gateway's 16 bytes
 * @param peerChallenge the client's 16 bytes
 * @param response the 24 bytes of the NT-Response
 * @param clientAddress where it comes from, {@code address:port}
 */
public record ChapLogin(
    String user, byte[] challenge, byte[] peerChallenge, byte[] response, String clientAddress) {

  @Override
  public String toString() {
    return "ChapLogin from " + clientAddress;
  }
}

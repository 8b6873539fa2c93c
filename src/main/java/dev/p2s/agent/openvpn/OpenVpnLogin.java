package dev.p2s.agent.openvpn;

import dev.p2s.agent.session.LoginAttempt;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How OpenVPN carries challenges in its password field (its management-notes.txt). */
public final class OpenVpnLogin {

  private static final Pattern ANSWER =
      Pattern.compile("CRV1::(?<challenge>[A-Za-z0-9_-]{1,64})::(?<answer>.*)", Pattern.DOTALL);

  private OpenVpnLogin() {}

  /** What a client has sent as name and password. */
  public static LoginAttempt attempt(String user, String password, String clientAddress) {
    Matcher answer = ANSWER.matcher(password);
    return answer.matches()
        ? new LoginAttempt(
            user, answer.group("answer"), clientAddress, Optional.of(answer.group("challenge")))
        : new LoginAttempt(user, password, clientAddress, Optional.empty());
  }
}

package dev.p2s.agent.openvpn;

import dev.p2s.agent.session.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** The commands that the agent gives an openvpn process; whole lines with their ends. */
public final class ManagementCommands {

  /** What a client is asked to wait, in seconds, before it tries a full gateway again. */
  private static final int BACKOFF_SECONDS = 30;

  /** The same where another pod of the gateway may have room. */
  private static final int ELSEWHERE_SECONDS = 2;

  private ManagementCommands() {}

  public static String admit(long client, long key, List<String> settings) {
    return "client-auth " + client + " " + key + "\n" + String.join("\n", settings) + "\nEND\n";
  }

  /** Lets a session go on after its keys were renewed. */
  public static String renew(long client, long key) {
    return "client-auth-nt " + client + " " + key + "\n";
  }

  /**
   * Refuses. A lasting refusal ends the client with the sentence; a temporary one sends it to the
   * next remote after a while, where it understands that, else closes its connection.
   */
  public static String refuse(
      long client, long key, Refusal refusal, boolean understandsTemporary) {
    String sentence = quotable(refusal.sentence());
    if (refusal.reason().lasting()) {
      return deny(client, key, refusal, sentence);
    }
    return understandsTemporary
        ? deny(
            client,
            key,
            refusal,
            "TEMP[backoff " + backoff(refusal) + ",advance remote]:" + sentence)
        : restart(client);
  }

  /**
   * Asks the person for more (OpenVPN's dynamic challenge): the client shows the question and dials
   * again with the answer.
   *
   * @param id names the challenge in the answer
   * @param echo whether the answer may be seen while it is typed
   */
  public static String challenge(
      long client, long key, String user, String id, String question, boolean echo) {
    String name = Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    String flags = echo ? "R,E" : "R";
    return "client-deny "
        + client
        + " "
        + key
        + " \"challenge\" \"CRV1:"
        + flags
        + ":"
        + id
        + ":"
        + name
        + ":"
        + quotable(question)
        + "\"\n";
  }

  /**
   * Tells a client that its login takes longer, so that it goes on waiting; its session begins, or
   * does not, as if this had not been said.
   */
  public static String waitFor(long client, long key, int seconds) {
    return "client-pending-auth " + client + " " + key + " RADIUS " + seconds + "\n";
  }

  /**
   * Lets a client wait while its person logs in with a browser.
   *
   * @param address what the browser opens
   * @param within how long the client waits
   */
  public static String openBrowser(
      long client, long key, ClientEnvironment.Browser browser, String address, Duration within) {
    if (!address.matches("https://[A-Za-z0-9.:/_-]{1,200}")) {
      throw new IllegalArgumentException("is no address that can be told");
    }
    return "client-pending-auth "
        + client
        + " "
        + key
        + " "
        + (browser == ClientEnvironment.Browser.WEB_AUTH ? "WEB_AUTH::" : "OPEN_URL:")
        + address
        + " "
        + within.toSeconds()
        + "\n";
  }

  /** The line that gives a client that was asked for no name one to send with its word. */
  public static String tokenUser(String user) {
    return "push \"auth-token-user "
        + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8))
        + "\"";
  }

  /** The line that gives a client a word to log in with from now on in place of its password. */
  public static String token(String word) {
    if (!word.matches("[A-Za-z0-9._-]{1,240}")) {
      throw new IllegalArgumentException("is no word that can be pushed");
    }
    return "push \"auth-token " + word + "\"";
  }

  /** Ends a session; its client dials again and is then told why it may not come in. */
  public static String restart(long client) {
    return "client-kill " + client + " RESTART\n";
  }

  /** Ends a session, and its client with it. */
  public static String halt(long client) {
    return "client-kill " + client + " HALT\n";
  }

  private static int backoff(Refusal refusal) {
    return refusal.reason() == Refusal.Reason.REPLICA_FULL ? ELSEWHERE_SECONDS : BACKOFF_SECONDS;
  }

  private static String deny(long client, long key, Refusal refusal, String text) {
    return "client-deny " + client + " " + key + " \"" + refusal.reason() + "\" \"" + text + "\"\n";
  }

  /** Printable ASCII without what OpenVPN's own quoting gives a meaning to. */
  private static String quotable(String sentence) {
    return sentence.replaceAll("[^ !#-\\[\\]-~]", "_");
  }
}

package dev.p2s.agent.weblogin;

/**
 * What the browser shows. Everything that comes from elsewhere is escaped; there is no script and
 * nothing is loaded.
 */
final class LoginPage {

  private LoginPage() {}

  /** One sentence. */
  static String saying(String sentence) {
    return page("<p>" + escaped(sentence) + "</p>");
  }

  /**
   * Asks whether the client is the person's own: whoever starts a client can send its address to
   * somebody else.
   */
  static String asking(String user, String clientAddress, String id) {
    return page(
        "<p>A VPN client at <b>"
            + escaped(clientAddress)
            + "</b> wants to connect as <b>"
            + escaped(user)
            + "</b>.</p><p>Go on only if you have just started it yourself.</p>"
            + "<form method=\"post\" action=\"/login/confirm\"><input type=\"hidden\" name=\"id\""
            + " value=\""
            + escaped(id)
            + "\"><button>Connect</button></form>");
  }

  private static String page(String body) {
    return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\""
        + " content=\"width=device-width\"><title>VPN login</title><body>"
        + body
        + "</body></html>\n";
  }

  static String escaped(String text) {
    StringBuilder safe = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              boolean plain = Character.isLetterOrDigit(c) || " .,:;@-_/()[]".indexOf(c) >= 0;
              if (plain) {
                safe.appendCodePoint(c);
              } else {
                safe.append("&#").append(isShown(c) ? c : 0xFFFD).append(';');
              }
            });
    return safe.toString();
  }

  /** What steers the text around it could make a name look like another's. */
  private static boolean isShown(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}

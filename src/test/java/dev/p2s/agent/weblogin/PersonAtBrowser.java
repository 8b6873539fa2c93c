package dev.p2s.agent.weblogin;

import java.time.Instant;
import java.util.Map;

/** A person who takes all steps of a login, one after the other. */
public final class PersonAtBrowser {

  private PersonAtBrowser() {}

  /**
   * Goes where the client has been sent, logs in, and says that the client is theirs. Ends when the
   * gateway has decided.
   *
   * @param address what the client was told to open
   * @return the last page
   */
  public static String logIn(
      WebLogins logins, BrowserIssuer issuer, String address, String user, Instant until) {
    String id = address.substring(address.lastIndexOf('/') + 1);
    WebLogins.Step.Redirect redirect = (WebLogins.Step.Redirect) logins.open(id);
    Map<String, String> sent = BrowserIssuer.query(redirect.to().getRawQuery());
    Map<String, Object> claims = issuer.claims(user, until);
    issuer.grants(Map.copyOf(claims));
    claims.put("nonce", sent.get("nonce"));
    issuer.identifies(claims);
    logins.back(sent.get("state"), "c0de", redirect.browser());
    return ((WebLogins.Step.Page) logins.confirm(id, redirect.browser())).html();
  }
}

package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A person with a browser on their machine: follows where they are sent, keeps cookies, fills in
 * the identity provider's form and presses buttons.
 */
final class Browser {

  private static final Pattern FORM = Pattern.compile("action=\"([^\"]+)\"");
  private static final Pattern LOGIN = Pattern.compile("name=\"id\" value=\"([^\"]+)\"");
  private static final Pattern ADDRESS =
      Pattern.compile("WEB_AUTH::(https://[A-Za-z0-9.:-]+/login/[A-Za-z0-9_-]{32})");

  private final VpnClient machine;
  private final String jar;

  Browser(VpnClient machine, String name) {
    this.machine = machine;
    this.jar = "/tmp/cookies-" + name;
  }

  /** What the person's VPN client shall open; the newest that it was told. */
  static String address(VpnClient client) {
    String found = "";
    Matcher told = ADDRESS.matcher(client.log());
    while (told.find()) {
      found = told.group(1);
    }
    assertThat(found).as("an address in the client's log").isNotEmpty();
    return found;
  }

  /** Opens an address and logs in at the identity provider; the page that comes then. */
  String logIn(String address, String user, String password) {
    String form = open(address);
    return curl(
        "-L",
        "--data-urlencode",
        "username=" + user,
        "--data-urlencode",
        "password=" + password,
        first(FORM, form).replace("&amp;", "&"));
  }

  String open(String address) {
    return curl("-L", address);
  }

  /** Says that the VPN client is the person's own. */
  String confirm(String address, String page) {
    return curl(
        "-d",
        "id=" + first(LOGIN, page),
        address.substring(0, address.indexOf("/login/")) + "/login/confirm");
  }

  private static String first(Pattern pattern, String page) {
    Matcher matcher = pattern.matcher(page);
    assertThat(matcher.find()).as("%s in %s", pattern, page).isTrue();
    return matcher.group(1);
  }

  private String curl(String... words) {
    String[] all = new String[words.length + 8];
    System.arraycopy(
        new String[] {"curl", "-sk", "--max-time", "30", "-c", jar, "-b", jar}, 0, all, 0, 8);
    System.arraycopy(words, 0, all, 8, words.length);
    return machine.run(all);
  }
}

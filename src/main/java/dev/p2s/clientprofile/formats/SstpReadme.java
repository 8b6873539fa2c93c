package dev.p2s.clientprofile.formats;

import java.util.Set;

/** What {@code README.txt} says about SSTP. */
final class SstpReadme {

  private static final String HEAD =
      """
      SSTP, which Windows brings and which passes wherever web pages do:
      """;

  private static final String WINDOWS =
      """
        Windows: run WindowsPowershell/VpnProfileSetup.ps1 as administrator, in your own account; %s
          is for device management (VPNv2, Windows 11). Where Windows says 0x80092013, ask your
          administrator: it wants a revocation list of the gateway's certificate (-NoRevocationCheck).
      """;

  private static final String LINUX =
      """
        Linux with pppd and sstpc (Debian: apt install sstp-client):
          %1$ssudo mkdir -p /etc/p2s && sudo cp -r Linux %2$s
          sudo chown -R root: %2$s && sudo chmod -R go= %2$s && sudo chmod u+x %2$s/routes
          sudo ln -s %2$s/%3$s /etc/ppp/peers/%3$s
          then sudo pon %3$s, and sudo poff %3$s to hang up; a lost connection is dialled again
        Linux with NetworkManager and its SSTP plugin: Linux/ as above, without the last two lines; copy
          %4$s to /etc/NetworkManager/system-connections, readable by root
          alone, then sudo nmcli connection reload
      """;

  private static final String PLACES =
      "put your user name and password in the places of $USERNAME and $PASSWORD in\n    %s, ";

  private static final String FILES =
      "put your certificate and its key, PEM, into Linux/client.pem and Linux/client.key,\n    ";

  private static final String KEY = "put your key, PEM, into Linux/client.key,\n    ";

  private SstpReadme() {}

  /**
   * @param files what else the package has
   */
  static String render(PackageInput input, Set<String> files) {
    StringBuilder text = new StringBuilder(HEAD);
    if (files.contains(WindowsProfile.PATH)) {
      text.append(WINDOWS.formatted(WindowsSstpProfile.xmlPath(input)));
    }
    if (files.contains(PppdProfile.path(input))) {
      text.append(
          LINUX.formatted(
              first(input),
              PppdProfile.folder(input),
              input.gateway(),
              NetworkManagerSstpProfile.path(input)));
    }
    return text.toString();
  }

  private static String first(PackageInput input) {
    if (!input.login().byCertificate()) {
      return PLACES.formatted(PppdProfile.path(input));
    }
    if (input.login().keyPair().isPresent()) {
      return "";
    }
    return input.login().certificate().isPresent() ? KEY : FILES;
  }
}

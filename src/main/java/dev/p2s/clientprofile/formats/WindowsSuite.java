package dev.p2s.clientprofile.formats;

import dev.p2s.dataplane.GatewayState;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A {@link ClientSuite} in Windows' words: of {@code Set-VpnConnectionIPsecConfiguration} and of
 * VPNv2's {@code CryptographySuite}, which differ in one. Out of the box Windows offers DH group 2
 * for IKE and SHA-1 for ESP, and nothing better.
 */
final class WindowsSuite {

  private static final Map<String, String> GROUPS =
      Map.of(
          "GROUP_2", "Group2",
          "GROUP_14", "Group14",
          "GROUP_24", "Group24",
          "GROUP_ECP256", "ECP256",
          "GROUP_ECP384", "ECP384");
  private static final Map<String, String> PFS =
      Map.of(
          "GROUP_NONE", "None",
          "GROUP_2", "PFS2",
          "GROUP_14", "PFS2048",
          "GROUP_24", "PFS24",
          "GROUP_ECP256", "ECP256",
          "GROUP_ECP384", "ECP384");

  private WindowsSuite() {}

  /** Values by the names that both have, in the order in which Microsoft lists them. */
  static Map<String, String> of(GatewayState.Ikev2 ikev2) {
    ClientSuite suite = ClientSuite.of(ikev2, GROUPS.keySet()).orElseThrow();
    String cipher = suite.ipsec().cipher().replace("_", "");
    Map<String, String> words = new LinkedHashMap<>();
    words.put(
        "AuthenticationTransformConstants",
        switch (suite.ipsec().integrity()) {
          case "SHA256" -> "SHA256128";
          case "SHA1" -> "SHA196";
          default -> cipher;
        });
    words.put("CipherTransformConstants", cipher);
    words.put("EncryptionMethod", suite.ike().cipher().replace("_", ""));
    words.put("IntegrityCheckMethod", suite.ike().prf());
    words.put("DHGroup", GROUPS.get(suite.ike().dhGroup()));
    words.put("PfsGroup", PFS.get(suite.ipsec().pfsGroup()));
    return words;
  }
}

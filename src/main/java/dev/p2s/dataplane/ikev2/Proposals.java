package dev.p2s.dataplane.ikev2;

import dev.p2s.catalog.IkePolicy;
import dev.p2s.catalog.IpsecPolicy;
import java.util.List;
import java.util.Map;

/**
 * Policies in strongSwan's words: one proposal a row, in the rows' order, so that a combination
 * which no row has is never negotiated.
 */
public final class Proposals {

  private static final Map<String, String> CIPHERS =
      Map.of(
          "GCM_AES256", "aes256gcm16",
          "GCM_AES128", "aes128gcm16",
          "AES256", "aes256",
          "AES128", "aes128");
  private static final Map<String, String> HASHES =
      Map.of("SHA384", "sha384", "SHA256", "sha256", "SHA1", "sha1");
  private static final Map<String, String> GROUPS =
      Map.of(
          "GROUP_24", "modp2048s256",
          "GROUP_14", "modp2048",
          "GROUP_ECP384", "ecp384",
          "GROUP_ECP256", "ecp256",
          "GROUP_2", "modp1024");
  private static final String NO_GROUP = "GROUP_NONE";

  private Proposals() {}

  /**
   * @throws IllegalArgumentException where a row has a word that no row of the seed's tables or of
   *     the custom policies has
   */
  public static List<String> ike(List<IkePolicy> rows) {
    return rows.stream().map(Proposals::ike).toList();
  }

  /**
   * @throws IllegalArgumentException as {@link #ike(List)}
   */
  public static List<String> esp(List<IpsecPolicy> rows) {
    return rows.stream().map(Proposals::esp).toList();
  }

  private static String ike(IkePolicy row) {
    String cipher = word(CIPHERS, row.cipher());
    String prf = "prf" + word(HASHES, row.prf());
    String group = word(GROUPS, row.dhGroup());
    return row.cipher().equals(row.integrity())
        ? String.join("-", cipher, prf, group)
        : String.join("-", cipher, word(HASHES, row.integrity()), prf, group);
  }

  private static String esp(IpsecPolicy row) {
    String cipher = word(CIPHERS, row.cipher());
    String suite =
        row.cipher().equals(row.integrity())
            ? cipher
            : cipher + "-" + word(HASHES, row.integrity());
    return row.pfsGroup().equals(NO_GROUP) ? suite : suite + "-" + word(GROUPS, row.pfsGroup());
  }

  private static String word(Map<String, String> words, String name) {
    String word = words.get(name);
    if (word == null) {
      throw new IllegalArgumentException("ikev2: " + name + " is in no policy that is served");
    }
    return word;
  }
}

package dev.p2s.pki;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * OpenVPN's pre-shared key of 2048 bits, which {@code tls-auth} signs the handshake with.
 *
 * @param hex 512 lower-case hexadecimal digits; the {@code serversecret} of azurevpnconfig.xml
 */
public record OpenVpnStaticKey(String hex) {

  private static final int BYTES = 256;
  private static final String BEGIN = "-----BEGIN OpenVPN Static key V1-----";
  private static final String END = "-----END OpenVPN Static key V1-----";

  public OpenVpnStaticKey {
    if (!hex.matches("[0-9a-f]{512}")) {
      throw new IllegalArgumentException("is no OpenVPN static key: 512 hexadecimal digits");
    }
  }

  public static OpenVpnStaticKey generate(SecureRandom random) {
    byte[] key = new byte[BYTES];
    random.nextBytes(key);
    return new OpenVpnStaticKey(HexFormat.of().formatHex(key));
  }

  /**
   * Reads the file form.
   *
   * @throws IllegalArgumentException where it is none; never echoes it
   */
  public static OpenVpnStaticKey parse(String file) {
    int begin = file.indexOf(BEGIN);
    int end = file.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException("holds no OpenVPN static key");
    }
    return new OpenVpnStaticKey(
        file.substring(begin + BEGIN.length(), end).replaceAll("\\s", "").toLowerCase(Locale.ROOT));
  }

  /** The file form: 16 lines of 32 digits between markers. */
  public String file() {
    return IntStream.range(0, 16)
        .mapToObj(line -> hex.substring(line * 32, line * 32 + 32))
        .collect(Collectors.joining("\n", BEGIN + "\n", "\n" + END + "\n"));
  }

  @Override
  public String toString() {
    return "OpenVpnStaticKey";
  }
}

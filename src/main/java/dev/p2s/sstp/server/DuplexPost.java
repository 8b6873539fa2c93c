package dev.p2s.sstp.server;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The HTTP request that an SSTP connection begins with, and its answers ([MS-SSTP] 3.2.4.1). */
final class DuplexPost {

  /** The longest head that is read, in bytes. */
  static final int LONGEST = 4096;

  /** What ends a head. */
  static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  static final byte[] ACCEPTED =
      ("HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n"
              + "Server: Microsoft-HTTPAPI/2.0\r\n\r\n")
          .getBytes(StandardCharsets.US_ASCII);

  private static final String REQUEST =
      "SSTP_DUPLEX_POST /sra_{BA195980-CD49-458b-9E23-C84EE0ADCD75}/ HTTP/1.1";
  private static final String LENGTH = "content-length:18446744073709551615";

  private DuplexPost() {}

  /** Whether a head, up to and with its empty line, asks for SSTP. */
  static boolean isOne(String head) {
    String[] lines = head.split("\r\n");
    if (lines.length == 0 || !lines[0].equalsIgnoreCase(REQUEST)) {
      return false;
    }
    for (String line : lines) {
      if (line.toLowerCase(Locale.ROOT).replace(" ", "").equals(LENGTH)) {
        return true;
      }
    }
    return false;
  }

  /** For whoever asks for something else. */
  static byte[] refusal(int status, String reason) {
    return ("HTTP/1.1 "
            + status
            + " "
            + reason
            + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }
}

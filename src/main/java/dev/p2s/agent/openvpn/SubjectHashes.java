package dev.p2s.agent.openvpn;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * OpenSSL's hash of a certificate's subject, by which {@code --capath} finds a root. OpenSSL itself
 * computes it, since its canonical form of a name is its own.
 */
public class SubjectHashes {

  private final Map<String, String> known = new HashMap<>();

  /**
   * @param thumbprint the certificate's SHA-256 thumbprint
   * @param pem the certificate
   * @return 8 lower-case hexadecimal digits
   * @throws IOException where OpenSSL cannot read the certificate
   */
  public String of(String thumbprint, String pem) throws IOException {
    String hash = known.get(thumbprint);
    if (hash == null) {
      hash = compute(pem);
      known.put(thumbprint, hash);
    }
    return hash;
  }

  String compute(String pem) throws IOException {
    Process process =
        new ProcessBuilder("openssl", "x509", "-noout", "-subject_hash")
            .redirectErrorStream(true)
            .start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(pem.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      // It has failed already; what it says tells why.
    }
    String output =
        new String(process.getInputStream().readNBytes(4096), StandardCharsets.US_ASCII).strip();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    if (!output.matches("[0-9a-f]{8}")) {
      throw new IOException("OpenSSL cannot read it");
    }
    return output;
  }
}

package dev.p2s.sstp.binding;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Whether a client has authenticated on this TLS connection and no other: without it, whoever gets
 * somebody to authenticate elsewhere could relay that to here ([MS-SSTP] 3.2.5.2, 3.3.5.2.3).
 */
public final class CryptoBinding {

  private static final byte[] SEED =
      "SSTP inner method derived CMK".getBytes(StandardCharsets.US_ASCII);

  private final BindingRequest request;
  private final byte[] certificate;

  /**
   * @param certificate the server's certificate that TLS has shown, DER
   */
  public CryptoBinding(BindingRequest request, byte[] certificate) {
    this.request = request;
    this.certificate = certificate.clone();
  }

  /** Whether a claim holds, looked at in constant time. */
  public boolean isProved(BindingClaim claim, HigherLayerKey key) {
    if (!request.hashes().contains(claim.hash())) {
      return false;
    }
    try {
      byte[] seen = MessageDigest.getInstance(claim.hash().digestName()).digest(certificate);
      return MessageDigest.isEqual(request.nonce(), claim.nonce())
          & MessageDigest.isEqual(seen, claim.certificateHash())
          & MessageDigest.isEqual(compoundMac(claim.hash(), key, claim.signed()), claim.mac());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The MAC over a message by the Compound MAC Key that is derived from the higher layer's. */
  private static byte[] compoundMac(HashProtocol hash, HigherLayerKey key, byte[] signed)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance(hash.macName());
    mac.init(new SecretKeySpec(key.bytes(), hash.macName()));
    mac.update(SEED);
    mac.update(new byte[] {(byte) hash.bytes(), 0, 1});
    mac.init(new SecretKeySpec(mac.doFinal(), hash.macName()));
    return mac.doFinal(signed);
  }
}

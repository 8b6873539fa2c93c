package dev.p2s.pki;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;

/** The kinds of key that the gateway makes. */
public enum KeyKind {
  RSA_2048("SHA256withRSA"),
  RSA_3072("SHA256withRSA"),
  EC_P256("SHA256withECDSA");

  private final String signatureAlgorithm;

  KeyKind(String signatureAlgorithm) {
    this.signatureAlgorithm = signatureAlgorithm;
  }

  /** The signature algorithm that a CA with such a key signs with. */
  public String signatureAlgorithm() {
    return signatureAlgorithm;
  }

  /** A new key pair. */
  public KeyPair generate(SecureRandom random) {
    try {
      return switch (this) {
        case RSA_2048 -> rsa(2048, random);
        case RSA_3072 -> rsa(3072, random);
        case EC_P256 -> {
          KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
          generator.initialize(new ECGenParameterSpec("secp256r1"), random);
          yield generator.generateKeyPair();
        }
      };
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair rsa(int bits, SecureRandom random) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits, random);
    return generator.generateKeyPair();
  }
}

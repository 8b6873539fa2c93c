package dev.p2s.pki;

import java.io.IOException;
import java.io.StringWriter;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** Certificate requests as people make them with openssl. */
public final class TestRequests {

  private static final SecureRandom RANDOM = new SecureRandom();

  private TestRequests() {}

  /** A person's new key. */
  public static KeyPair keys() {
    return KeyKind.EC_P256.generate(RANDOM);
  }

  /** What they send in. */
  public static String pem(KeyPair keys) {
    return pem(der(keys.getPublic(), keys.getPrivate()));
  }

  static byte[] der(PublicKey asked, PrivateKey signer) {
    String algorithm = signer.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    try {
      return new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=whoever"), asked)
          .build(new JcaContentSignerBuilder(algorithm).build(signer))
          .getEncoded();
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  static String pem(byte[] der) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject("CERTIFICATE REQUEST", der));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return text.toString();
  }
}

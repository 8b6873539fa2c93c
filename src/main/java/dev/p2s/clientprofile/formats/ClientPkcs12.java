package dev.p2s.clientprofile.formats;

import dev.p2s.clientprofile.formats.PackageLogin.IssuedPair;
import dev.p2s.pki.Pem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCS12PBEParams;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.PBEParametersGenerator;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.generators.PKCS12ParametersGenerator;
import org.bouncycastle.crypto.io.MacOutputStream;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.operator.GenericKey;
import org.bouncycastle.operator.MacCalculator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.pkcs.PKCS12MacCalculatorBuilder;
import org.bouncycastle.pkcs.PKCS12PfxPduBuilder;
import org.bouncycastle.pkcs.PKCS12SafeBag;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS12SafeBagBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEOutputEncryptorBuilder;

/**
 * The issued certificate with its key as a PKCS#12 file in the encryption that Windows, Apple's
 * systems and Android read (RFC 7292: SHA-1 and three-key triple DES). Salts and password come from
 * the key itself, so that equal input gives equal bytes.
 */
public final class ClientPkcs12 {

  private static final int ITERATIONS = 10_000;
  private static final int SALT = 20;
  private static final int MAC_BITS = 160;
  private static final int PASSWORD_LENGTH = 20;

  private ClientPkcs12() {}

  /** The password: 20 characters; nobody who has the file alone can find it. */
  public static String password(IssuedPair pair) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(derived(Pem.parseKey(pair.keyPem()), "p2s PKCS#12 password", 0))
        .replace('-', 'x')
        .replace('_', 'y')
        .substring(0, PASSWORD_LENGTH);
  }

  static byte[] of(IssuedPair pair) {
    X509Certificate certificate = Pem.parseCertificate(pair.certificatePem());
    PrivateKey key = Pem.parseKey(pair.keyPem());
    char[] password = password(pair).toCharArray();
    try {
      // what tells readers that the two belong together
      DEROctetString localKeyId = new DEROctetString(derived(key, "local key id", 0));
      PKCS12SafeBag certificateBag =
          new JcaPKCS12SafeBagBuilder(certificate)
              .addBagAttribute(PKCSObjectIdentifiers.pkcs_9_at_localKeyId, localKeyId)
              .build();
      PKCS12SafeBag keyBag =
          new JcaPKCS12SafeBagBuilder(key, encryptor(key, "key", password))
              .addBagAttribute(PKCSObjectIdentifiers.pkcs_9_at_localKeyId, localKeyId)
              .build();
      PKCS12PfxPduBuilder file = new PKCS12PfxPduBuilder();
      file.addEncryptedData(
          encryptor(key, "certificate", password), new PKCS12SafeBag[] {certificateBag});
      file.addData(keyBag);
      return file.build(new SaltedMac(derived(key, "mac", 0)), password).getEncoded();
    } catch (IOException | PKCSException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static OutputEncryptor encryptor(PrivateKey key, String what, char[] password)
      throws OperatorCreationException {
    return new JcePKCSPBEOutputEncryptorBuilder(
            PKCSObjectIdentifiers.pbeWithSHAAnd3_KeyTripleDES_CBC)
        .setIterationCount(ITERATIONS)
        .setRandom(new KeyedSalts(key, what))
        .build(password);
  }

  private static byte[] derived(PrivateKey key, String what, int count) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getEncoded(), "HmacSHA256"));
      mac.update(what.getBytes(StandardCharsets.US_ASCII));
      return mac.doFinal(ByteBuffer.allocate(Integer.BYTES).putInt(count).array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Salts need to differ, not to be secret: these differ with the key and their purpose. */
  private static final class KeyedSalts extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final transient PrivateKey key;
    private final String what;
    private int count;

    private KeyedSalts(PrivateKey key, String what) {
      this.key = key;
      this.what = what;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      byte[] block = derived(key, what, count++);
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = block[i % block.length];
      }
    }
  }

  /** HMAC with SHA-1 by a key of RFC 7292's appendix B, with a salt that is given. */
  private record SaltedMac(byte[] seed) implements PKCS12MacCalculatorBuilder {

    @Override
    public AlgorithmIdentifier getDigestAlgorithmIdentifier() {
      return new AlgorithmIdentifier(OIWObjectIdentifiers.idSHA1, DERNull.INSTANCE);
    }

    @Override
    public MacCalculator build(char[] password) {
      byte[] salt = Arrays.copyOf(seed, SALT);
      PKCS12ParametersGenerator generator = new PKCS12ParametersGenerator(new SHA1Digest());
      generator.init(PBEParametersGenerator.PKCS12PasswordToBytes(password), salt, ITERATIONS);
      HMac mac = new HMac(new SHA1Digest());
      mac.init(generator.generateDerivedMacParameters(MAC_BITS));
      return new MacCalculator() {
        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
          return new AlgorithmIdentifier(
              OIWObjectIdentifiers.idSHA1, new PKCS12PBEParams(salt, ITERATIONS));
        }

        @Override
        public OutputStream getOutputStream() {
          return new MacOutputStream(mac);
        }

        @Override
        public byte[] getMac() {
          byte[] result = new byte[mac.getMacSize()];
          mac.doFinal(result, 0);
          return result;
        }

        @Override
        public GenericKey getKey() {
          return new GenericKey(
              getAlgorithmIdentifier(), PBEParametersGenerator.PKCS12PasswordToBytes(password));
        }
      };
    }
  }
}

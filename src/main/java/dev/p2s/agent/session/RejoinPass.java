package dev.p2s.agent.session;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a client is given in place of its password once it is in, so that a renewal of keys or a new
 * dial asks nobody to log in again, at any replica: the login itself, sealed with a key that the
 * gateway's agents share (AES-256-GCM) and bound to gateway and user name.
 */
public final class RejoinPass {

  /** What every pass begins with. */
  public static final String PREFIX = "P2S1.";

  /** How long after a login a pass opens the door to a new connection. */
  public static final Duration VALIDITY = Duration.ofHours(24);

  /** OpenVPN takes no word longer than 255 characters in a pushed option. */
  private static final int LONGEST = 240;

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec key;
  private final String gateway;
  private final SecureRandom random;

  /**
   * @param key 32 bytes
   * @param gateway {@code namespace/name}
   */
  public RejoinPass(byte[] key, String gateway, SecureRandom random) {
    if (key.length != 32) {
      throw new IllegalArgumentException("the key of passes has " + key.length + " bytes, not 32");
    }
    this.key = new SecretKeySpec(key, "AES");
    this.gateway = gateway;
    this.random = random;
  }

  /**
   * @param loggedInMillis when the person has logged in, Unix time in milliseconds
   */
  public record Login(Person person, long loggedInMillis) {

    /** The same login by a token, with what it stands on. */
    public Login standingOn(String basis) {
      return new Login(
          new Person(
              person.method(),
              person.user(),
              person.groups(),
              person.untilMillis(),
              person.address(),
              basis),
          loggedInMillis);
    }

    /** Whether it is recent enough to begin a new connection with. */
    public boolean isFresh(Instant now) {
      return now.isBefore(Instant.ofEpochMilli(loggedInMillis).plus(VALIDITY));
    }
  }

  /** Whether a password is meant to be a pass. */
  public static boolean looksLike(String password) {
    return password.startsWith(PREFIX);
  }

  /**
   * The pass; empty where the login is too long for one. Where only Class is, the session of who
   * comes back with it is accounted without.
   */
  public Optional<String> seal(Login login) {
    return sealed(login, true)
        .or(
            () ->
                login.person().accounting().classes().isEmpty()
                    ? Optional.empty()
                    : sealed(login, false));
  }

  private Optional<String> sealed(Login login, boolean classes) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, login.person().user());
      byte[] sealed = cipher.doFinal(bytes(login, classes));
      byte[] whole = new byte[NONCE_BYTES + sealed.length];
      System.arraycopy(nonce, 0, whole, 0, NONCE_BYTES);
      System.arraycopy(sealed, 0, whole, NONCE_BYTES, sealed.length);
      String pass = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
      return Optional.of(pass).filter(text -> text.length() <= LONGEST);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The login that is sealed in a pass; empty where it is none of this gateway for this user. */
  public Optional<Login> open(String user, String pass) {
    if (!looksLike(pass) || pass.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      byte[] whole = Base64.getUrlDecoder().decode(pass.substring(PREFIX.length()));
      if (whole.length <= NONCE_BYTES) {
        return Optional.empty();
      }
      byte[] nonce = java.util.Arrays.copyOf(whole, NONCE_BYTES);
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, nonce, user);
      return Optional.of(
          login(user, cipher.doFinal(whole, NONCE_BYTES, whole.length - NONCE_BYTES)));
    } catch (GeneralSecurityException | IllegalArgumentException | IOException e) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String user) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD((gateway + "\n" + user).getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private static byte[] bytes(Login login, boolean classes) {
    Person person = login.person();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(person.method().ordinal());
      out.writeLong(login.loggedInMillis());
      out.writeLong(person.untilMillis() == null ? 0 : person.untilMillis());
      out.writeUTF(person.address() == null ? "" : person.address().toString());
      for (String group : person.groups()) {
        out.writeUTF(group);
      }
      accounting(person.accounting(), classes, out);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  // after the groups, none of which is empty: an agent that knows no accounting takes it for more
  private static void accounting(AccountingTerms terms, boolean classes, DataOutputStream out)
      throws IOException {
    List<String> told = classes ? terms.classes() : List.of();
    if (told.isEmpty() && terms.interimSeconds() == null) {
      return;
    }
    out.writeUTF("");
    out.writeUTF(terms.interimSeconds() == null ? "" : terms.interimSeconds().toString());
    for (String each : told) {
      out.writeUTF(each);
    }
  }

  private static AccountingTerms accounting(DataInputStream in) throws IOException {
    if (in.available() == 0) {
      return AccountingTerms.NONE;
    }
    String interim = in.readUTF();
    List<String> classes = new ArrayList<>();
    while (in.available() > 0) {
      classes.add(in.readUTF());
    }
    return new AccountingTerms(classes, interim.isEmpty() ? null : Integer.valueOf(interim));
  }

  private static Login login(String user, byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      AuthenticationType method = AuthenticationType.values()[in.readByte()];
      long loggedIn = in.readLong();
      long until = in.readLong();
      String address = in.readUTF();
      List<String> groups = new ArrayList<>();
      String group = "-";
      while (in.available() > 0 && !group.isEmpty()) {
        group = in.readUTF();
        if (!group.isEmpty()) {
          groups.add(group);
        }
      }
      return new Login(
          new Person(
              method,
              user,
              groups,
              until == 0 ? null : until,
              address.isEmpty() ? null : TunnelAddress.parse(address),
              null,
              accounting(in)),
          loggedIn);
    }
  }
}

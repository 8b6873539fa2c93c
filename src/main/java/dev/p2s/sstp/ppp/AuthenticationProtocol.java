package dev.p2s.sstp.ppp;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How a client may authenticate, as LCP's option 3 says it. */
public enum AuthenticationProtocol {
  /** RFC 3748: EAP-TLS of the endpoint's own (RFC 5216), or whatever is relayed. */
  EAP(0xC2, 0x27),
  /** RFC 2759. */
  MSCHAPV2(0xC2, 0x23, 0x81),
  /** RFC 1334: the password itself, and no key for the crypto binding. */
  PAP(0xC0, 0x23);

  private final byte[] value;

  AuthenticationProtocol(int... value) {
    this.value = new byte[value.length];
    for (int i = 0; i < value.length; i++) {
      this.value[i] = (byte) value[i];
    }
  }

  LoginProtocol protocol(byte[] challenge, String name) {
    return switch (this) {
      case EAP -> new EapPacket();
      case MSCHAPV2 -> new ChapPacket(challenge, name);
      case PAP -> new PapPacket();
    };
  }

  Option option() {
    return new Option(LcpPolicy.AUTHENTICATION, value);
  }

  static Optional<AuthenticationProtocol> of(Option option) {
    return List.of(values()).stream()
        .filter(each -> Arrays.equals(each.value, option.value()))
        .findFirst();
  }
}

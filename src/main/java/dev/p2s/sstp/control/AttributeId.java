package dev.p2s.sstp.control;

/** Attributes of control messages by number ([MS-SSTP] 2.2.4). */
final class AttributeId {

  static final int ENCAPSULATED_PROTOCOL = 1;
  static final int STATUS_INFO = 2;
  static final int CRYPTO_BINDING = 3;
  static final int CRYPTO_BINDING_REQUEST = 4;

  /** Bytes before an attribute's value. */
  static final int HEADER = 4;

  private AttributeId() {}
}

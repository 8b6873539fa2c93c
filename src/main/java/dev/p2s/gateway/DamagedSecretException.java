package dev.p2s.gateway;

/** A kept Secret cannot be read; the message says which entry, and never what is in it. */
final class DamagedSecretException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DamagedSecretException(String message) {
    super(message);
  }
}

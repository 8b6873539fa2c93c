package dev.p2s.agent.session;

/**
 * Why a connection is refused or a session ended.
 *
 * @param sentence for the person who connects: what is wrong and what to do
 */
public record Refusal(Reason reason, String sentence) {

  /** Of whoever arrives before there is a state, or while the kernel does not follow. */
  public static final Refusal NOT_READY =
      new Refusal(Reason.NOT_READY, "This gateway cannot let anybody in just now. Try again.");

  /** Typed reasons; each says whether trying again can help. */
  public enum Reason {
    NO_CREDENTIAL(true),
    METHOD_NOT_SERVED(true),
    WRONG_CREDENTIAL(true),
    LOGIN_EXPIRED(true),
    AUTHENTICATION_AWAY(false),
    UNTRUSTED_ROOT(true),
    REVOKED(true),
    /** No valid list says whether the certificate is still good. */
    REVOCATION_UNKNOWN(false),
    USER_BLOCKED(true),
    GATEWAY_FULL(false),
    /** This pod has no room; another one of the gateway may have. */
    REPLICA_FULL(false),
    ADDRESSES_USED_UP(false),
    NOT_READY(false);

    private final boolean lasting;

    Reason(boolean lasting) {
      this.lasting = lasting;
    }

    /** Whether the client should give up: the same credential is refused again. */
    public boolean lasting() {
      return lasting;
    }
  }
}

package dev.p2s.agent.session;

import java.util.List;

/**
 * What a RADIUS server has said at a login of how the session shall be accounted.
 *
 * @param classes Class, base64 of each: sent back with everything that is told of the session (RFC
 *     2865, section 5.25)
 * @param interimSeconds Acct-Interim-Interval (RFC 2869, section 5.16), or null where it said none
 */
public record AccountingTerms(List<String> classes, Integer interimSeconds) {

  /** Of somebody whom no RADIUS server has said anything of. */
  public static final AccountingTerms NONE = new AccountingTerms(List.of(), null);

  public AccountingTerms {
    classes = classes == null ? List.of() : List.copyOf(classes);
  }
}

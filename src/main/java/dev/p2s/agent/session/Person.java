package dev.p2s.agent.session;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Somebody whom a RADIUS server or an identity provider has vouched for.
 *
 * @param method RADIUS, EntraID or OIDC
 * @param user as the server or the token names them, 1–255 characters
 * @param groups what policy groups are chosen by, as the server or the token says; of a RADIUS
 *     server MS-Azure-Policy-ID in lower-case hexadecimal digits, then Filter-Id
 * @param untilMillis Unix time in milliseconds when the login ends; null where it has no end
 * @param address the client address that a RADIUS server asks for (Framed-IP-Address), or null; it
 *     is given where it lies in the gateway's pools and is free
 * @param basis what a login by token stands on ({@code TokenIssuer.basis}), or null for others:
 *     where the state's is another one now, the login counts no more
 * @param accounting what a RADIUS server has said of how to account for the session
 */
public record Person(
    AuthenticationType method,
    String user,
    List<String> groups,
    Long untilMillis,
    TunnelAddress address,
    String basis,
    AccountingTerms accounting)
    implements Credential {

  public Person {
    groups = groups == null ? List.of() : List.copyOf(groups);
    // an agent before accounting was served has kept none
    accounting = accounting == null ? AccountingTerms.NONE : accounting;
    if (method == AuthenticationType.Certificate || user.isEmpty() || user.length() > 255) {
      throw new IllegalArgumentException("is nobody whom a server can vouch for");
    }
  }

  /** Somebody whom no RADIUS server has said anything of. */
  public Person(
      AuthenticationType method,
      String user,
      List<String> groups,
      Long untilMillis,
      TunnelAddress address,
      String basis) {
    this(method, user, groups, untilMillis, address, basis, AccountingTerms.NONE);
  }

  /** Somebody whose login stands on nothing that a state could change. */
  public Person(
      AuthenticationType method,
      String user,
      List<String> groups,
      Long untilMillis,
      TunnelAddress address) {
    this(method, user, groups, untilMillis, address, null);
  }

  /** The same person, whose login ends then at the latest. */
  public Person until(Instant latest) {
    return untilMillis != null && untilMillis <= latest.toEpochMilli()
        ? this
        : new Person(method, user, groups, latest.toEpochMilli(), address, basis, accounting);
  }

  @Override
  public String addressKey() {
    return method + ":" + user.toLowerCase(Locale.ROOT);
  }

  @Override
  public String thumbprint() {
    return "";
  }

  @Override
  public Optional<Instant> until() {
    return Optional.ofNullable(untilMillis).map(Instant::ofEpochMilli);
  }
}

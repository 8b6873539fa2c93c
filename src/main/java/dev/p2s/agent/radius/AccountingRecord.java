package dev.p2s.agent.radius;

import dev.p2s.agent.session.Credential;
import dev.p2s.agent.session.Ending;
import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Refusal;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.SessionTraffic;
import dev.p2s.api.v1alpha1.AuthenticationType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the servers are told of a session at one moment; kept as JSON until one of them has it.
 *
 * @param status what is told
 * @param session its id
 * @param atMillis when it was so, Unix time in milliseconds
 * @param user whom the credential names
 * @param method how they came in
 * @param protocol OpenVPN, IKEv2 or SSTP
 * @param address the address inside
 * @param clientAddress where the client comes from, {@code address:port}
 * @param classes Class as the server gave it at the login, base64
 * @param seconds since it began
 * @param in bytes from the client; {@code out} bytes to it
 * @param cause why it ended; null while it goes on
 * @param packetsIn forwarded from the client; {@code packetsOut} to it
 */
record AccountingRecord(
    Status status,
    String session,
    long atMillis,
    String user,
    AuthenticationType method,
    String protocol,
    String address,
    String clientAddress,
    List<String> classes,
    long seconds,
    long in,
    long out,
    TerminateCause cause,
    long packetsIn,
    long packetsOut) {

  /** Acct-Status-Type (RFC 2866, section 5.1). */
  enum Status {
    START(1),
    STOP(2),
    INTERIM(3);

    private final int number;

    Status(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  AccountingRecord {
    classes = List.copyOf(classes);
  }

  static AccountingRecord start(Session session, Instant now) {
    return of(Status.START, session, now, SessionTraffic.Passed.NOTHING, null);
  }

  static AccountingRecord interim(Session session, SessionTraffic.Passed passed, Instant now) {
    return of(Status.INTERIM, session, now, passed, null);
  }

  static AccountingRecord stop(
      Session session,
      SessionTraffic.Passed passed,
      Ending how,
      Optional<Refusal> why,
      Instant now) {
    return of(Status.STOP, session, now, passed, TerminateCause.of(how, why));
  }

  private static AccountingRecord of(
      Status status,
      Session session,
      Instant now,
      SessionTraffic.Passed passed,
      TerminateCause cause) {
    Credential credential = session.credential();
    Duration since = Duration.between(Instant.ofEpochMilli(session.sinceMillis()), now);
    return new AccountingRecord(
        status,
        session.id(),
        now.toEpochMilli(),
        credential.user(),
        credential.method(),
        session.seat().protocol().name(),
        session.address().toString(),
        session.clientAddress(),
        credential instanceof Person person ? person.accounting().classes() : List.of(),
        Math.max(0, since.toSeconds()),
        passed.bytes().in(),
        passed.bytes().out(),
        cause,
        passed.packets().in(),
        passed.packets().out());
  }
}

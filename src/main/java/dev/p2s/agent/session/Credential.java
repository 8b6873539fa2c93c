package dev.p2s.agent.session;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.p2s.api.v1alpha1.AuthenticationType;
import java.time.Instant;
import java.util.Optional;

/**
 * Who somebody has shown to be, and how: what admission decides on, whatever protocol it came by.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ClientCertificate.class, name = "certificate"),
  @JsonSubTypes.Type(value = Person.class, name = "person")
})
public sealed interface Credential permits ClientCertificate, Person {

  /** The authentication type that it belongs to. */
  AuthenticationType method();

  /** Whom it names; compared with blocked users without case. */
  String user();

  /** What a client address is derived from: the same key is offered the same address. */
  String addressKey();

  /** SHA-256 thumbprint of the certificate, 64 lower-case hexadecimal digits; empty without one. */
  String thumbprint();

  /** When it ends to be worth anything by itself; empty where it doesn't say. */
  Optional<Instant> until();

  /** Whether it is worth nothing any more by itself. */
  default boolean hasEnded(Instant now) {
    return until().filter(until -> !now.isBefore(until)).isPresent();
  }
}

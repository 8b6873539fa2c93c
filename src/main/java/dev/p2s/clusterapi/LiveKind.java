package dev.p2s.clusterapi;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A kind of {@code live.p2s.dev}: everything that is said of it (table, schema, selectors) comes
 * from its fields.
 */
enum LiveKind {
  SESSION(
      "p2ssessions",
      "p2ssession",
      "P2SSession",
      "p2ss",
      "A live connection of a gateway. Deleting it disconnects the client; one that is still"
          + " allowed dials again by itself.",
      List.of(
          new Field("gateway", Type.TEXT, "Gateway", false, "The P2SGateway's name."),
          new Field("pod", Type.TEXT, "Pod", true, "The gateway's pod that holds it."),
          new Field("user", Type.TEXT, "User", false, "Who, as the credential says."),
          new Field("method", Type.TEXT, "Method", false, "Certificate, RADIUS, EntraID or OIDC."),
          new Field("protocol", Type.TEXT, "Protocol", false, "OpenVPN, IKEv2 or SSTP."),
          new Field(
              "tunnelAddress", Type.TEXT, "Tunnel Address", false, "The client's address inside."),
          new Field(
              "tunnelIpv6Address",
              Type.TEXT,
              "Tunnel IPv6",
              true,
              "The client's IPv6 address inside, where it has one."),
          new Field(
              "clientAddress", Type.TEXT, "Client Address", true, "Where the client comes from."),
          new Field(
              "group", Type.TEXT, "Group", true, "The policy group; empty where there are none."),
          new Field("bytesIn", Type.NUMBER, "Bytes In", true, "Bytes from the client."),
          new Field("bytesOut", Type.NUMBER, "Bytes Out", true, "Bytes to the client."),
          new Field(
              "packetsIn", Type.NUMBER, "Packets In", true, "Packets forwarded from the client."),
          new Field(
              "packetsOut", Type.NUMBER, "Packets Out", true, "Packets forwarded to the client."),
          new Field(
              "certificateSha256",
              Type.TEXT,
              "",
              true,
              "SHA-256 thumbprint of the client certificate, where there is one."),
          new Field("since", Type.TIME, "Age", false, "When it was admitted."))),
  ATTEMPT(
      "p2sattempts",
      "p2sattempt",
      "P2SAttempt",
      "p2sa",
      "Somebody whom a gateway turned away lately. The last 1,000 of a gateway are remembered;"
          + " repetitions are one.",
      List.of(
          new Field("gateway", Type.TEXT, "Gateway", false, "The P2SGateway's name."),
          new Field(
              "user",
              Type.TEXT,
              "User",
              false,
              "Who, as the credential says, or as they say themselves where none was accepted."),
          new Field("clientAddress", Type.TEXT, "From", false, "Where the client comes from."),
          new Field("method", Type.TEXT, "Method", true, "Certificate, RADIUS, EntraID or OIDC."),
          new Field("protocol", Type.TEXT, "Protocol", true, "OpenVPN, IKEv2 or SSTP."),
          new Field("reason", Type.TEXT, "Reason", false, "Why, in one word."),
          new Field("count", Type.NUMBER, "Count", false, "How often it happened."),
          new Field("last", Type.TIME, "Last", false, "When it happened last."),
          new Field("remedy", Type.TEXT, "Remedy", false, "What whoever runs the gateway can do."),
          new Field("said", Type.TEXT, "Said", true, "What the person was told."),
          new Field(
              "certificateSha256",
              Type.TEXT,
              "",
              true,
              "SHA-256 thumbprint of the client certificate, where there is one."),
          new Field("first", Type.TIME, "", true, "When it happened first.")));

  /** How a field's value is written. */
  enum Type {
    TEXT,
    /** A whole number of 64 bits. */
    NUMBER,
    /** RFC 3339; shown in tables as the time that has passed since. */
    TIME
  }

  /**
   * A field of the kind.
   *
   * @param column its head in tables; empty where tables don't show it
   * @param wide whether only {@code -o wide} shows it
   */
  record Field(String name, Type type, String column, boolean wide, String description) {}

  private final String plural;
  private final String singular;
  private final String kind;
  private final String shortName;
  private final String description;
  private final List<Field> fields;
  private final Set<String> selectable;

  LiveKind(
      String plural,
      String singular,
      String kind,
      String shortName,
      String description,
      List<Field> fields) {
    this.plural = plural;
    this.singular = singular;
    this.kind = kind;
    this.shortName = shortName;
    this.description = description;
    this.fields = fields;
    this.selectable = new LinkedHashSet<>(List.of("metadata.name", "metadata.namespace"));
    fields.stream()
        .filter(field -> field.type() == Type.TEXT)
        .map(Field::name)
        .forEach(selectable::add);
  }

  String plural() {
    return plural;
  }

  String singular() {
    return singular;
  }

  String kind() {
    return kind;
  }

  String shortName() {
    return shortName;
  }

  String description() {
    return description;
  }

  List<Field> fields() {
    return fields;
  }

  /** Fields that tables show, in their order. */
  Stream<Field> columns() {
    return fields.stream().filter(field -> !field.column().isEmpty());
  }

  /** What field selectors may name. */
  Set<String> selectable() {
    return Set.copyOf(selectable);
  }
}

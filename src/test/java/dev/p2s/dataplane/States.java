package dev.p2s.dataplane;

import dev.p2s.addressing.Cidr;
import dev.p2s.api.v1alpha1.AuthenticationType;
import java.util.List;
import java.util.stream.Stream;

/** States for tests: a gateway with certificates and room for ten; say what differs. */
public final class States {

  private List<GatewayState.TrustedRoot> checkedRoots = List.of();
  private long generation = 1;
  private List<Cidr> pools = List.of(Cidr.parse("10.8.0.0/24"));
  private List<Cidr> routes = List.of(Cidr.parse("10.96.0.0/12"));
  private GatewayState.Dns dns;
  private int limit = 10;
  private List<Share> shares = List.of();
  private List<AuthenticationType> authentications = List.of(AuthenticationType.Certificate);
  private List<GatewayState.TrustedRoot> roots = List.of();
  private List<GatewayState.Revocation> revoked = List.of();
  private List<String> blocked = List.of();
  private TokenIssuer tokenIssuer;
  private List<PolicyGroup> groups = List.of();
  private GatewayState.OpenVpn openVpn =
      new GatewayState.OpenVpn(
          1, "1.2", List.of(), List.of("AES-256-GCM", "AES-128-GCM"), 10, 60, 1500);

  private GatewayState.Ikev2 ikev2;
  private GatewayState.Radius radius;
  private Integer shapedMbps;
  private Long longestSessionSeconds;
  private boolean forced;
  private boolean snat = true;
  private SstpSettings sstp;
  private List<ServingReplica> serving;
  private Long idleSeconds;
  private boolean clientToClient;
  private boolean newestOnly;

  public static States gateway() {
    return new States();
  }

  public States generation(long value) {
    generation = value;
    return this;
  }

  public States pools(String... values) {
    pools = Stream.of(values).map(Cidr::parse).toList();
    return this;
  }

  public States routes(String... values) {
    routes = Stream.of(values).map(Cidr::parse).toList();
    return this;
  }

  public States dns(GatewayState.Dns value) {
    dns = value;
    return this;
  }

  public States limit(int value) {
    limit = value;
    return this;
  }

  public States shares(Share... values) {
    shares = List.of(values);
    return this;
  }

  public States authentications(AuthenticationType... values) {
    authentications = List.of(values);
    return this;
  }

  public States roots(GatewayState.TrustedRoot... values) {
    roots = List.of(values);
    return this;
  }

  /** Roots by their SHA-256 thumbprints alone. */
  public States roots(String... thumbprints) {
    roots =
        Stream.of(thumbprints)
            .map(sha256 -> new GatewayState.TrustedRoot("root", sha256, ""))
            .toList();
    return this;
  }

  public States revoked(List<GatewayState.Revocation> values) {
    revoked = values;
    return this;
  }

  public States blocked(List<String> values) {
    blocked = values;
    return this;
  }

  public States tokenIssuer(TokenIssuer value) {
    tokenIssuer = value;
    return this;
  }

  public States radius(GatewayState.Radius value) {
    radius = value;
    return this;
  }

  public States shapedMbps(int value) {
    shapedMbps = value;
    return this;
  }

  public States longestSessionSeconds(long value) {
    longestSessionSeconds = value;
    return this;
  }

  /** Traffic leaves with clients' own addresses. */
  public States routed() {
    snat = false;
    return this;
  }

  public States forced() {
    forced = true;
    return this;
  }

  public States serving(ServingReplica... values) {
    serving = List.of(values);
    return this;
  }

  public States idleSeconds(long value) {
    idleSeconds = value;
    return this;
  }

  public States clientToClient() {
    clientToClient = true;
    return this;
  }

  public States newestOnly() {
    newestOnly = true;
    return this;
  }

  public States openVpn(GatewayState.OpenVpn value) {
    openVpn = value;
    return this;
  }

  public States groups(PolicyGroup... values) {
    groups = List.of(values);
    return this;
  }

  public States ikev2(GatewayState.Ikev2 value) {
    ikev2 = value;
    return this;
  }

  public States checkedRoots(GatewayState.TrustedRoot... values) {
    checkedRoots = List.of(values);
    return this;
  }

  public States sstp(SstpSettings value) {
    sstp = value;
    return this;
  }

  public GatewayState build() {
    return new GatewayState(
        GatewayState.SCHEMA,
        "default",
        "gw",
        generation,
        pools,
        routes,
        snat,
        dns,
        limit,
        shares,
        authentications,
        roots,
        revoked,
        blocked,
        tokenIssuer,
        openVpn,
        ikev2,
        groups,
        radius,
        shapedMbps,
        longestSessionSeconds,
        forced,
        checkedRoots,
        sstp,
        serving,
        idleSeconds,
        clientToClient,
        newestOnly);
  }
}

package dev.p2s.dataplane;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.Fqdn;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.RadiusSpec;
import dev.p2s.catalog.IkePolicy;
import dev.p2s.catalog.IpsecPolicy;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a gateway pod has to do: the only contract between operator and agent. It is the {@code
 * state.json} entry of the Secret {@code <gateway>-state}; the keys that it needs are entries of
 * the same Secret (see {@link StateSecret}). Unknown fields are ignored, so that an agent reads the
 * state of an operator one version newer; an operator never drops a field that an agent one version
 * older requires.
 *
 * @param schema version of this shape, see {@link #SCHEMA}
 * @param namespace the gateway's namespace
 * @param gateway the gateway's name
 * @param generation {@code metadata.generation} of the P2SGateway that this state programs
 * @param clientAddressPools what clients get their addresses from; of each pool the first usable
 *     address is the gateway's own
 * @param routes the advertised routes: all that a session may reach
 * @param snat whether traffic leaves the pod with the pod's address (true) or the client's
 * @param dns what clients resolve names with
 * @param connectionLimit the SKU's IKEv2 and OpenVPN connections together (seed, SKU table)
 * @param shares what each ordinal may use of the connections and of the pools; together never more
 *     than there is. Empty: ordinal 0 has it all
 * @param authentications how people may show who they are, in the order of the enum
 * @param roots certificates whose issued clients are admitted (certificate authentication)
 * @param revokedCertificates client certificates that are refused although their root is trusted
 * @param blockedUsers names that are refused under every method, compared without case
 * @param tokenIssuer whose access tokens let people in, or null where none do
 * @param openVpn the OpenVPN server, or null where the gateway does not serve OpenVPN
 * @param ikev2 the IKEv2 server, or null where the gateway does not serve IKEv2
 * @param groups policy groups, lowest priority number first; empty: everybody has the gateway's
 *     pools and routes
 * @param radius the RADIUS servers, or null where nobody logs in by RADIUS
 * @param shapedMbps what all pods together may pass in both directions, in Mbit/s (seed, SKU
 *     table), or null where throughput is not held back
 * @param longestSessionSeconds after which somebody has to log in again, or a certificate to be
 *     shown again; null: a session has no end
 * @param forced whether all traffic of clients takes the tunnel, {@link #routes} being what is
 *     reached; false: the routes do
 * @param checkedRoots roots like {@code roots}, each with a revocation list. Apart from them, since
 *     an agent that knows no lists would admit whoever is on one; it admits nobody of these
 * @param sstp the SSTP server, or null where the gateway does not serve SSTP
 * @param serving the replicas that take clients just now, where there are several; null: those with
 *     a share, as operators before this field had it
 * @param idleSeconds after which a session ends in which no packet has passed; null: it stays
 * @param clientToClient whether clients may reach one another
 * @param newestOnly whether a user's newest session ends the earlier ones
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record GatewayState(
    int schema,
    String namespace,
    String gateway,
    long generation,
    List<Cidr> clientAddressPools,
    List<Cidr> routes,
    boolean snat,
    Dns dns,
    int connectionLimit,
    List<Share> shares,
    List<AuthenticationType> authentications,
    List<TrustedRoot> roots,
    List<Revocation> revokedCertificates,
    List<String> blockedUsers,
    TokenIssuer tokenIssuer,
    OpenVpn openVpn,
    Ikev2 ikev2,
    List<PolicyGroup> groups,
    Radius radius,
    Integer shapedMbps,
    Long longestSessionSeconds,
    boolean forced,
    List<TrustedRoot> checkedRoots,
    SstpSettings sstp,
    List<ServingReplica> serving,
    Long idleSeconds,
    boolean clientToClient,
    boolean newestOnly) {

  /** The shape that this build writes. */
  public static final int SCHEMA = 1;

  /** Every address there is. */
  public static final List<Cidr> EVERYTHING = List.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0"));

  public GatewayState {
    clientAddressPools = copy(clientAddressPools);
    routes = copy(routes);
    shares = copy(shares);
    // what an operator before the other types were served does not write
    authentications =
        authentications == null
            ? List.of(AuthenticationType.Certificate)
            : authentications.stream().sorted().distinct().toList();
    roots = copy(roots);
    revokedCertificates = copy(revokedCertificates);
    blockedUsers = copy(blockedUsers);
    groups = copy(groups);
    checkedRoots = copy(checkedRoots);
    serving = serving == null ? null : List.copyOf(serving);
  }

  /** {@code roots} and {@code checkedRoots}. */
  public List<TrustedRoot> allRoots() {
    return Stream.concat(roots.stream(), checkedRoots.stream()).toList();
  }

  /**
   * What the clients of a policy group are told to route.
   *
   * @param group its name, or null for somebody without one
   */
  public List<Cidr> routesOf(String group) {
    if (forced) {
      return EVERYTHING;
    }
    return groups.stream()
        .filter(each -> each.name().equals(group))
        .findFirst()
        .flatMap(PolicyGroup::told)
        .orElseGet(this::reachable);
  }

  /** The advertised routes, and the pools where clients may reach one another. */
  public List<Cidr> reachable() {
    return clientToClient ? Stream.concat(routes.stream(), everyPool().stream()).toList() : routes;
  }

  /** The gateway's pools and those of its groups. */
  public List<Cidr> everyPool() {
    return poolSets().stream().flatMap(List::stream).toList();
  }

  /** Pools that serve different people: the gateway's, then each group's own. */
  public List<List<Cidr>> poolSets() {
    return PolicyGroup.poolSets(clientAddressPools, groups);
  }

  /**
   * What clients send into the tunnel. A forced tunnel takes IPv6 too where clients have no IPv6
   * address of the gateway: it ends in the tunnel, and none goes beside it.
   */
  public List<Cidr> tunnelled() {
    return forced ? EVERYTHING : reachable();
  }

  /** Whether an ordinal that has a share takes clients just now. */
  public boolean serves(int ordinal) {
    return serving == null || serving.stream().anyMatch(one -> one.ordinal() == ordinal);
  }

  /** The same whichever pods take clients and may use how much. */
  public GatewayState apartFromShares() {
    return new GatewayState(
        schema,
        namespace,
        gateway,
        generation,
        clientAddressPools,
        routes,
        snat,
        dns,
        connectionLimit,
        List.of(),
        authentications,
        roots,
        revokedCertificates,
        blockedUsers,
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
        null,
        idleSeconds,
        clientToClient,
        newestOnly);
  }

  /**
   * @param servers numeric addresses of resolvers, in order of preference
   * @param suffixes search domains
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Dns(List<String> servers, List<Fqdn> suffixes) {
    public Dns {
      servers = copy(servers);
      suffixes = copy(suffixes);
    }
  }

  /**
   * @param name the RootCertificate's name, for logs and refusals
   * @param sha256 thumbprint, 64 lower-case hexadecimal digits
   * @param pem the certificate
   * @param intermediates PEM of each issuing certificate between the root and its clients
   * @param crl the list of what was taken back, or null where none counts
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record TrustedRoot(
      String name, String sha256, String pem, List<String> intermediates, RevocationSource crl) {
    public TrustedRoot {
      intermediates = copy(intermediates);
    }

    /** A root that issues its clients' certificates itself. */
    public TrustedRoot(String name, String sha256, String pem) {
      this(name, sha256, pem, List.of(), null);
    }

    /** The root and what stands between it and its clients: all that may have issued theirs. */
    public List<String> issuers() {
      return Stream.concat(Stream.of(pem), intermediates.stream()).toList();
    }
  }

  /**
   * @param name why or whose, for logs
   * @param thumbprint SHA-1 (40) or SHA-256 (64) in lower-case hexadecimal digits
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Revocation(String name, String thumbprint) {}

  /**
   * What an OpenVPN server needs beside the keys. All but the two ping times is read at a server's
   * start only: a change starts a new server set.
   *
   * @param processes openvpn processes in a pod, 1–64; each serves its share of new connections
   * @param tlsVersionMin {@code 1.2} or {@code 1.3}
   * @param tlsCipherSuites IANA names as in the seed's TLS table, in order; for TLS 1.2
   * @param dataCiphers OpenVPN's names, in order
   * @param pingSeconds pushed keepalive interval
   * @param pingRestartSeconds pushed time after which a silent connection is dialled again
   * @param tunnelMtu MTU of the tunnel in bytes
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record OpenVpn(
      int processes,
      String tlsVersionMin,
      List<String> tlsCipherSuites,
      List<String> dataCiphers,
      int pingSeconds,
      int pingRestartSeconds,
      int tunnelMtu) {
    public OpenVpn {
      tlsCipherSuites = copy(tlsCipherSuites);
      dataCiphers = copy(dataCiphers);
    }
  }

  /**
   * What an IKEv2 server needs beside the keys. All of it is followed live.
   *
   * @param ikePolicies rows that IKE may negotiate, in order of preference
   * @param ipsecPolicies rows that tunnels may negotiate, in order of preference
   * @param saLifetimeSeconds after which the server renews a tunnel's keys, 300–172799
   * @param saDataSizeKilobytes after which it does, 1024–2147483647
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Ikev2(
      List<IkePolicy> ikePolicies,
      List<IpsecPolicy> ipsecPolicies,
      long saLifetimeSeconds,
      long saDataSizeKilobytes) {
    public Ikev2 {
      ikePolicies = copy(ikePolicies);
      ipsecPolicies = copy(ipsecPolicies);
    }
  }

  /**
   * Who is asked about names and passwords, and how.
   *
   * @param servers one or two
   * @param timeoutSeconds how long a login may take, 1–120
   * @param nasIdentifier what the gateway calls itself, 1–253 characters
   * @param passwords how passwords go to the servers
   * @param accounting whether sessions are accounted
   * @param method what people prove who they are with; null: a password. With certificates they
   *     speak EAP, so that nobody comes by OpenVPN
   * @param serverRoots PEM of the roots of the servers' certificates, for packages; null where the
   *     spec names none
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Radius(
      List<ConfiguredRadiusServer> servers,
      int timeoutSeconds,
      String nasIdentifier,
      RadiusSpec.PasswordProtocol passwords,
      boolean accounting,
      RadiusSpec.Method method,
      String serverRoots) {
    public Radius {
      servers = copy(servers);
      method = method == null ? RadiusSpec.Method.Password : method;
    }

    /** Whom people show a password. */
    public Radius(
        List<ConfiguredRadiusServer> servers,
        int timeoutSeconds,
        String nasIdentifier,
        RadiusSpec.PasswordProtocol passwords,
        boolean accounting) {
      this(servers, timeoutSeconds, nasIdentifier, passwords, accounting, null, null);
    }
  }

  private static <T> List<T> copy(List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }
}

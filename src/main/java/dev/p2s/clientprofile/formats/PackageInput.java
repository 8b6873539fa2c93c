package dev.p2s.clientprofile.formats;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.Fqdn;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.TokenIssuer;
import dev.p2s.pki.OpenVpnStaticKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * All that a package is rendered from. Equal inputs give equal bytes.
 *
 * @param profile the ClientProfile's name
 * @param gateway the gateway's name
 * @param address what the client dials: a name or numeric address
 * @param port TCP port
 * @param serverName CN of the server certificate, which the client verifies
 * @param serverAuthority CA that issued it
 * @param tlsAuthKey key of the handshake's signature
 * @param authentication how the person logs in: with a certificate, or with a name and a password
 * @param clientRoot root that the person's certificate has to come from; empty where none is known
 * @param certificate the person's certificate, where it was issued here; with its key, unless only
 *     the person has that
 * @param routes what takes the tunnel
 * @param pools what clients get their addresses from
 * @param dnsServers numeric addresses
 * @param dnsSuffixes search domains
 * @param openVpn whether the gateway serves OpenVPN
 * @param ikev2 the IKEv2 server's policies; empty where the gateway does not serve IKEv2 to who
 *     logs in like this
 * @param entra where a person of Entra ID signs in; empty for others
 * @param browserLogin whether the person logs in with a browser that their client opens
 */
public record PackageInput(
    String profile,
    String gateway,
    String address,
    int port,
    String serverName,
    X509Certificate serverAuthority,
    OpenVpnStaticKey tlsAuthKey,
    AuthenticationType authentication,
    Optional<X509Certificate> clientRoot,
    Optional<IssuedPair> certificate,
    List<Cidr> routes,
    List<Cidr> pools,
    List<String> dnsServers,
    List<Fqdn> dnsSuffixes,
    boolean openVpn,
    Optional<GatewayState.Ikev2> ikev2,
    Optional<EntraSignIn> entra,
    boolean browserLogin) {

  /** Of a gateway without a login page. */
  public PackageInput(
      String profile,
      String gateway,
      String address,
      int port,
      String serverName,
      X509Certificate serverAuthority,
      OpenVpnStaticKey tlsAuthKey,
      AuthenticationType authentication,
      Optional<X509Certificate> clientRoot,
      Optional<IssuedPair> certificate,
      List<Cidr> routes,
      List<Cidr> pools,
      List<String> dnsServers,
      List<Fqdn> dnsSuffixes,
      boolean openVpn,
      Optional<GatewayState.Ikev2> ikev2,
      Optional<EntraSignIn> entra) {
    this(
        profile,
        gateway,
        address,
        port,
        serverName,
        serverAuthority,
        tlsAuthKey,
        authentication,
        clientRoot,
        certificate,
        routes,
        pools,
        dnsServers,
        dnsSuffixes,
        openVpn,
        ikev2,
        entra,
        false);
  }

  /** Of a gateway that serves OpenVPN alone. */
  public PackageInput(
      String profile,
      String gateway,
      String address,
      int port,
      String serverName,
      X509Certificate serverAuthority,
      OpenVpnStaticKey tlsAuthKey,
      AuthenticationType authentication,
      Optional<X509Certificate> clientRoot,
      Optional<IssuedPair> certificate,
      List<Cidr> routes,
      List<Cidr> pools,
      List<String> dnsServers,
      List<Fqdn> dnsSuffixes) {
    this(
        profile,
        gateway,
        address,
        port,
        serverName,
        serverAuthority,
        tlsAuthKey,
        authentication,
        clientRoot,
        certificate,
        routes,
        pools,
        dnsServers,
        dnsSuffixes,
        true,
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Where the Azure VPN Client gets its token.
   *
   * @param audience the application that the token is for
   * @param issuer of the token, with its trailing slash
   * @param tenant sign-in address of the tenant, with its trailing slash
   */
  public record EntraSignIn(String audience, String issuer, String tenant) {

    private static final String CONFIGURATION = "/.well-known/";
    private static final String V2 = "/v2.0";

    /** Where the tokens come from that a gateway takes. */
    public static EntraSignIn of(TokenIssuer issuer) {
      // the configuration's address is the tenant's, or its v2 form, and what OpenID Connect
      // appends
      String tenant = issuer.discovery().substring(0, issuer.discovery().indexOf(CONFIGURATION));
      return new EntraSignIn(
          issuer.audience(),
          issuer.issuer(),
          (tenant.endsWith(V2) ? tenant.substring(0, tenant.length() - V2.length()) : tenant)
              + "/");
    }
  }

  /** The person's certificate with its key, where both are here. */
  public Optional<IssuedPair> keyPair() {
    return certificate.filter(IssuedPair::holdsKey);
  }

  /** Whether all IPv4 traffic takes the tunnel; what IPv6 there is does too then. */
  public boolean everything() {
    return routes.stream().anyMatch(route -> route.isIpv4() && route.prefix() == 0);
  }

  /** Whether the tunnel carries IPv6, if only to keep it from going beside it. */
  public boolean ipv6() {
    return routes.stream().anyMatch(route -> !route.isIpv4());
  }

  /** The routes for clients that take only such as they have an address for. */
  public List<Cidr> addressedRoutes() {
    return routes.stream()
        .filter(route -> pools.stream().anyMatch(pool -> pool.isIpv4() == route.isIpv4()))
        .toList();
  }

  /** Whether the person logs in with a certificate. */
  public boolean withCertificate() {
    return authentication == AuthenticationType.Certificate;
  }

  /**
   * @param certificatePem PEM
   * @param keyPem PKCS#8 PEM; empty where only the person has the key
   */
  public record IssuedPair(String certificatePem, String keyPem) {

    public boolean holdsKey() {
      return !keyPem.isEmpty();
    }

    @Override
    public String toString() {
      return "IssuedPair";
    }
  }
}

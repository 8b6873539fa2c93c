package dev.p2s.clientprofile.formats;

import dev.p2s.dataplane.TokenIssuer;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** How the person of a package logs in, with what a package says of it. */
public sealed interface PackageLogin {

  /**
   * With a certificate that the gateway checks.
   *
   * @param root root that it has to come from; empty where none is known
   * @param issued the certificate, where it was issued here; with its key, unless only the person
   *     has that
   */
  record ByCertificate(Optional<X509Certificate> root, Optional<IssuedPair> issued)
      implements PackageLogin {}

  /** At RADIUS servers. */
  record AtRadius(RadiusLogin servers) implements PackageLogin {}

  /** At Entra ID. */
  record AtEntraId(EntraSignIn signIn) implements PackageLogin {}

  /**
   * At another OpenID Connect issuer.
   *
   * @param browser whether with a browser that their client opens; else the client sends a token
   */
  record AtIssuer(boolean browser) implements PackageLogin {}

  /** Whether it is with a certificate that the gateway checks. */
  default boolean byCertificate() {
    return this instanceof ByCertificate;
  }

  /** The root that the person's certificate has to come from. */
  default Optional<X509Certificate> root() {
    return this instanceof ByCertificate(var root, var issued) ? root : Optional.empty();
  }

  /** The person's certificate, where it was issued here. */
  default Optional<IssuedPair> certificate() {
    return this instanceof ByCertificate(var root, var issued) ? issued : Optional.empty();
  }

  /** The person's certificate with its key, where both are here. */
  default Optional<IssuedPair> keyPair() {
    return certificate().filter(IssuedPair::holdsKey);
  }

  /** How it is at RADIUS servers; empty for others. */
  default Optional<RadiusLogin> radius() {
    return this instanceof AtRadius(RadiusLogin servers) ? Optional.of(servers) : Optional.empty();
  }

  /** Whether the person shows RADIUS servers a certificate, which is nothing of the gateway's. */
  default boolean byRadiusCertificate() {
    return radius().filter(RadiusLogin::byCertificate).isPresent();
  }

  /** Where a person of Entra ID signs in; empty for others. */
  default Optional<EntraSignIn> entra() {
    return this instanceof AtEntraId(EntraSignIn signIn) ? Optional.of(signIn) : Optional.empty();
  }

  /**
   * Where the Azure VPN Client gets its token.
   *
   * @param audience the application that the token is for
   * @param issuer of the token, with its trailing slash
   * @param tenant sign-in address of the tenant, with its trailing slash
   */
  record EntraSignIn(String audience, String issuer, String tenant) {

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

  /**
   * @param certificatePem PEM
   * @param keyPem PKCS#8 PEM; empty where only the person has the key
   */
  record IssuedPair(String certificatePem, String keyPem) {

    public boolean holdsKey() {
      return !keyPem.isEmpty();
    }

    @Override
    public String toString() {
      return "IssuedPair";
    }
  }
}

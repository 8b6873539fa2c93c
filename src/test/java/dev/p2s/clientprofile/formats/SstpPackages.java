package dev.p2s.clientprofile.formats;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.Fqdn;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.catalog.IkePolicy;
import dev.p2s.catalog.IpsecPolicy;
import dev.p2s.clientprofile.formats.PackageLogin.IssuedPair;
import dev.p2s.dataplane.GatewayState;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Packages of a gateway that serves SSTP. */
public final class SstpPackages {

  private SstpPackages() {}

  /**
   * @param address with the port of TCP that clients dial
   * @param authority that the server's certificate is of
   * @param pair the person's certificate; empty for one with a password
   */
  public static ProfilePackage at(
      String address,
      int port,
      String serverName,
      X509Certificate authority,
      Optional<IssuedPair> pair,
      String route) {
    return ProfilePackage.render(
        input(
            pair.isPresent() ? AuthenticationType.Certificate : AuthenticationType.RADIUS,
            address,
            port,
            serverName,
            authority,
            Optional.empty(),
            pair,
            List.of(Cidr.parse(route)),
            false));
  }

  static PackageInput input(
      AuthenticationType authentication,
      Optional<X509Certificate> root,
      Optional<IssuedPair> pair,
      boolean ikev2) {
    return input(authentication, root, pair, ikev2, Ikev2PackageTest.authority(), 443);
  }

  static PackageInput input(
      AuthenticationType authentication,
      Optional<X509Certificate> root,
      Optional<IssuedPair> pair,
      boolean ikev2,
      X509Certificate authority,
      int port) {
    return input(
        authentication,
        "vpn.corp.example",
        port,
        "office.vpn.p2s",
        authority,
        root,
        pair,
        List.of(Cidr.parse("10.96.0.0/12"), Cidr.parse("10.244.0.0/16")),
        ikev2);
  }

  private static PackageInput input(
      AuthenticationType authentication,
      String address,
      int port,
      String serverName,
      X509Certificate authority,
      Optional<X509Certificate> root,
      Optional<IssuedPair> pair,
      List<Cidr> routes,
      boolean ikev2) {
    return new PackageInput(
        "alice",
        "office",
        new PackageInput.Server(address, port, serverName, authority),
        new PackageInput.Network(
            routes,
            List.of(Cidr.parse("172.31.200.0/24")),
            List.of("10.96.0.10"),
            List.of(Fqdn.parse("cluster.local"))),
        PackageLogins.of(authentication, root, pair),
        Optional.empty(),
        ikev2
            ? Optional.of(
                new GatewayState.Ikev2(IkePolicy.all(), IpsecPolicy.all(), 27_000, 33_553_408))
            : Optional.empty(),
        true);
  }
}

package dev.p2s.clientprofile;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.clientprofile.formats.PackageInput;
import dev.p2s.clientprofile.formats.PackageLogin;
import dev.p2s.clientprofile.formats.PackageLogin.EntraSignIn;
import dev.p2s.clientprofile.formats.PackageLogin.IssuedPair;
import dev.p2s.clientprofile.formats.RadiusLogin;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.Sha256;
import dev.p2s.dataplane.StateSecret;
import dev.p2s.pki.OpenVpnStaticKey;
import dev.p2s.pki.Pem;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a gateway contributes to its packages.
 *
 * @param gateway its name
 * @param address what clients dial
 * @param port TCP port
 * @param serverName CN of its server certificate
 * @param serverAuthority CA of its server certificate
 * @param tlsAuthKey key of the handshake's signature
 * @param state routes, pools and DNS
 * @param sstp whether it serves SSTP
 */
record GatewayMaterial(
    String gateway,
    String address,
    int port,
    String serverName,
    X509Certificate serverAuthority,
    OpenVpnStaticKey tlsAuthKey,
    GatewayState state,
    boolean sstp) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** "not supported by IKEv2": Microsoft Entra ID (seed), nor by SSTP. */
  private static final Set<AuthenticationType> WITHOUT_TOKEN =
      Set.of(AuthenticationType.Certificate, AuthenticationType.RADIUS);

  /** Empty while the gateway has no address or no keys yet. */
  static Optional<GatewayMaterial> of(
      P2SGateway gateway, Optional<Secret> state, Optional<Secret> serverAuthority) {
    if (state.isEmpty()
        || serverAuthority.isEmpty()
        || gateway.getStatus() == null
        || gateway.getStatus().endpoint() == null) {
      return Optional.empty();
    }
    try {
      GatewayState programmed =
          JSON.readValue(text(state.get(), StateSecret.STATE), GatewayState.class);
      return Optional.of(
          new GatewayMaterial(
              gateway.getMetadata().getName(),
              gateway.getStatus().endpoint().address(),
              gateway.getStatus().endpoint().port(),
              text(serverAuthority.get(), "server-name"),
              Pem.parseCertificate(text(state.get(), StateSecret.SERVER_CA)),
              OpenVpnStaticKey.parse(text(state.get(), StateSecret.TLS_AUTH_KEY)),
              programmed,
              programmed.sstp() != null));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** What the gateway serves. */
  Set<TunnelType> tunnels() {
    Set<TunnelType> tunnels = EnumSet.noneOf(TunnelType.class);
    if (state.openVpn() != null) {
      tunnels.add(TunnelType.OpenVPN);
    }
    if (state.ikev2() != null) {
      tunnels.add(TunnelType.IKEv2);
    }
    if (sstp) {
      tunnels.add(TunnelType.SSTP);
    }
    return tunnels;
  }

  PackageInput packageFor(
      String profile,
      AuthenticationType authentication,
      Optional<X509Certificate> clientRoot,
      Optional<IssuedPair> certificate) {
    PackageLogin login = login(authentication, clientRoot, certificate);
    boolean withoutToken = WITHOUT_TOKEN.contains(authentication);
    return new PackageInput(
        profile,
        gateway,
        new PackageInput.Server(address, port, serverName, serverAuthority),
        new PackageInput.Network(
            state.tunnelled(),
            state.clientAddressPools(),
            state.dns().servers(),
            state.dns().suffixes()),
        login,
        Optional.of(new PackageInput.OpenVpn(tlsAuthKey))
            .filter(served -> state.openVpn() != null && !login.byRadiusCertificate()),
        Optional.ofNullable(state.ikev2()).filter(ikev2 -> withoutToken),
        sstp && withoutToken);
  }

  private PackageLogin login(
      AuthenticationType authentication,
      Optional<X509Certificate> clientRoot,
      Optional<IssuedPair> certificate) {
    return switch (authentication) {
      case Certificate -> new PackageLogin.ByCertificate(clientRoot, certificate);
      case RADIUS ->
          new PackageLogin.AtRadius(
              state.radius() == null ? RadiusLogin.USUAL : RadiusLogin.of(state.radius()));
      case EntraID -> new PackageLogin.AtEntraId(EntraSignIn.of(state.tokenIssuer()));
      case OIDC -> new PackageLogin.AtIssuer(hasLoginPage());
    };
  }

  private boolean hasLoginPage() {
    return state.tokenIssuer() != null && state.tokenIssuer().webLogin() != null;
  }

  /** Changes when, and only when, something changes that packages are rendered from. */
  String hash() {
    String all =
        String.join(
            "\n",
            address,
            String.valueOf(port),
            serverName,
            Pem.certificate(serverAuthority),
            tlsAuthKey.hex(),
            state.tunnelled().toString(),
            state.clientAddressPools().toString(),
            state.dns().toString(),
            state.openVpn() == null ? "" : "OpenVPN",
            String.valueOf(state.ikev2()));
    if (sstp) {
      all += "\nSSTP";
    }
    if (state.tokenIssuer() != null && state.tokenIssuer().method() == AuthenticationType.EntraID) {
      all += "\n" + EntraSignIn.of(state.tokenIssuer());
    }
    if (state.radius() != null) {
      RadiusLogin radius = RadiusLogin.of(state.radius());
      // what most packages say nothing of leaves the hash as it was before
      if (!radius.equals(RadiusLogin.USUAL)) {
        all += "\n" + radius.byCertificate() + state.radius().serverRoots();
        all += "\n" + radius.handWindowSeconds();
      }
    }
    if (hasLoginPage()) {
      all += "\nbrowser";
    }
    return Sha256.hex(all);
  }

  static String text(Secret secret, String key) {
    String value = secret.getData() == null ? null : secret.getData().get(key);
    return value == null
        ? ""
        : new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
  }
}

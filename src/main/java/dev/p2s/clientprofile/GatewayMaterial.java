package dev.p2s.clientprofile;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.TunnelType;
import dev.p2s.clientprofile.formats.PackageInput;
import dev.p2s.clientprofile.formats.PackageInput.EntraSignIn;
import dev.p2s.clientprofile.formats.PackageInput.IssuedPair;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.StateSecret;
import dev.p2s.pki.OpenVpnStaticKey;
import dev.p2s.pki.Pem;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
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
 */
record GatewayMaterial(
    String gateway,
    String address,
    int port,
    String serverName,
    X509Certificate serverAuthority,
    OpenVpnStaticKey tlsAuthKey,
    GatewayState state) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** "not supported by IKEv2": Microsoft Entra ID (seed). */
  private static final Set<AuthenticationType> IKEV2 =
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
      return Optional.of(
          new GatewayMaterial(
              gateway.getMetadata().getName(),
              gateway.getStatus().endpoint().address(),
              gateway.getStatus().endpoint().port(),
              text(serverAuthority.get(), "server-name"),
              Pem.parseCertificate(text(state.get(), StateSecret.SERVER_CA)),
              OpenVpnStaticKey.parse(text(state.get(), StateSecret.TLS_AUTH_KEY)),
              JSON.readValue(text(state.get(), StateSecret.STATE), GatewayState.class)));
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
    return tunnels;
  }

  PackageInput packageFor(
      String profile,
      AuthenticationType authentication,
      Optional<X509Certificate> clientRoot,
      Optional<IssuedPair> certificate) {
    return new PackageInput(
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
        state.tunnelled(),
        state.clientAddressPools(),
        state.dns().servers(),
        state.dns().suffixes(),
        state.openVpn() != null,
        Optional.ofNullable(state.ikev2()).filter(ikev2 -> IKEV2.contains(authentication)),
        Optional.of(authentication)
            .filter(AuthenticationType.EntraID::equals)
            .map(entra -> EntraSignIn.of(state.tokenIssuer())),
        authentication == AuthenticationType.OIDC && hasLoginPage());
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
    if (state.tokenIssuer() != null && state.tokenIssuer().method() == AuthenticationType.EntraID) {
      all += "\n" + EntraSignIn.of(state.tokenIssuer());
    }
    if (hasLoginPage()) {
      all += "\nbrowser";
    }
    return sha256(all.getBytes(StandardCharsets.UTF_8));
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String text(Secret secret, String key) {
    String value = secret.getData() == null ? null : secret.getData().get(key);
    return value == null
        ? ""
        : new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
  }
}

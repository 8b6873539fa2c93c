package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.Fqdn;
import dev.p2s.agent.session.AddressPools;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.api.v1alpha1.P2SGatewayStatus;
import dev.p2s.clientprofile.HandedOut;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.StateSecret;
import dev.p2s.dataplane.ikev2.EspPlace;
import dev.p2s.dataplane.ikev2.Ikev2Server;
import dev.p2s.dataplane.ikev2.ViciSection;
import dev.p2s.dataplane.kernel.GroupReach;
import dev.p2s.dataplane.kernel.NetdCommand;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.kernel.TunnelAddress;
import dev.p2s.dataplane.nftables.GatewayRuleset;
import dev.p2s.dataplane.openvpn.ClientSettings;
import dev.p2s.dataplane.openvpn.OpenVpnServer;
import dev.p2s.dataplane.openvpn.ServerConfiguration;
import dev.p2s.dataplane.openvpn.ServerFiles;
import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.OpenVpnStaticKey;
import dev.p2s.pki.Pem;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Everything that is written because of an accepted gateway: objects, state, the servers'
 * configurations, packet rules, packages. Whoever renders another file adds it here, and the
 * properties hold for it.
 */
final class RenderedGateway {

  private static final DataPlaneImages IMAGES =
      new DataPlaneImages(
          "p2s.dev/operator:1", "p2s.dev/openvpn:1", "p2s.dev/strongswan:1", "IfNotPresent");
  private static final ProcessSlot SLOT = new ProcessSlot(0);
  private static final ServerFiles FILES = new ServerFiles(Path.of("/run/p2s"), "0123456789abcdef");

  private static final String AUTHORITY =
      Pem.certificate(
          CertificateAuthority.selfSigned(
                  "vpn", KeyKind.EC_P256, Duration.ofDays(2), Instant.now(), new SecureRandom())
              .certificate());
  private static final GatewayKeys KEYS = keys();

  private RenderedGateway() {}

  /** Texts by a name that says what they are; {@code state.json} among them. */
  static Map<String, String> files(P2SGateway resource, ResolvedGateway gateway) {
    Map<String, String> files = new TreeMap<>();
    Secret secret =
        new GatewayStatePlan(gateway, List.of(), List.of(), Map.of(), List.of())
            .secret(resource.getSpec(), KEYS);
    files.put("state.json", GatewayStatePlan.text(secret, StateSecret.STATE));
    new GatewayPlan(gateway, IMAGES)
        .resources()
        .forEach(
            object ->
                files.put(
                    object.getKind() + " " + object.getMetadata().getName(),
                    Serialization.asYaml(object)));
    ReplicaServices.plan(gateway, List.of(), List.of())
        .wanted()
        .forEach(
            service ->
                files.put(
                    "Service " + service.getMetadata().getName(), Serialization.asYaml(service)));
    GatewayState state = state(secret);
    TunnelAddress first = TunnelAddress.parse(address(state, 1));
    if (state.openVpn() != null) {
      OpenVpnServer server = OpenVpnServer.of(state);
      files.put("server.conf", ServerConfiguration.render(server, FILES, SLOT));
      files.put("tls-cipher", ServerConfiguration.tlsCipher(server));
      files.put(
          "client settings",
          String.join(
              "\n",
              ClientSettings.render(
                  state,
                  state.routesOf(null),
                  TunnelAddress.parse(address(state, 2)),
                  ipv4Pool(state),
                  first)));
    }
    if (state.ikev2() != null) {
      files.put(
          "charon connections",
          text(
              Ikev2Server.connections(
                  state, EspPlace.KERNEL, new Fqdn("office.vpn"), "PEM", List.of("a0"))));
      files.put("charon pool", text(Ikev2Server.pool(state, "a0", first)));
    }
    files.put(
        "nftables",
        GatewayRuleset.render(
            new NetdCommand.Configure(
                List.of(SLOT),
                List.of(SLOT),
                new AddressPools(state.clientAddressPools()).gateways(),
                state.routes(),
                state.snat(),
                1400,
                EspPlace.KERNEL,
                GroupReach.of(state),
                state.clientToClient())));
    files.putAll(HandedOut.files(endpointTold(resource, gateway), secret, authority()));
    return files;
  }

  private static String text(ViciSection section) {
    return section.entries().entrySet().stream()
        .map(
            entry ->
                switch (entry.getValue()) {
                  case ViciSection.Scalar(String octets) -> entry.getKey() + " = " + octets;
                  case ViciSection.Items(List<String> items) -> entry.getKey() + " = " + items;
                  case ViciSection.Inner(ViciSection inner) ->
                      entry.getKey() + " {\n" + text(inner) + "\n}";
                })
        .collect(Collectors.joining("\n"));
  }

  private static GatewayState state(Secret secret) {
    return Serialization.unmarshal(
        GatewayStatePlan.text(secret, StateSecret.STATE), GatewayState.class);
  }

  private static Cidr ipv4Pool(GatewayState state) {
    return state.clientAddressPools().stream().filter(Cidr::isIpv4).findFirst().orElseThrow();
  }

  private static String address(GatewayState state, int offset) {
    return ipv4Pool(state).address(offset).getHostAddress();
  }

  // what clients dial stands in the status before it stands in a package
  private static P2SGateway endpointTold(P2SGateway resource, ResolvedGateway gateway) {
    String dialled =
        gateway
            .exposure()
            .address()
            .or(() -> gateway.fqdn().map(Object::toString))
            .orElse("192.0.2.1");
    P2SGateway told = new P2SGateway();
    told.setMetadata(resource.getMetadata());
    told.setSpec(resource.getSpec());
    P2SGatewayStatus status =
        Serialization.unmarshal(
            "{\"endpoint\":{\"port\":443,\"address\":\"" + dialled + "\"}}",
            P2SGatewayStatus.class);
    told.setStatus(status);
    return told;
  }

  private static Secret authority() {
    return new SecretBuilder()
        .addToData("tls.crt", GatewayStatePlan.base64(AUTHORITY))
        .addToData("server-name", GatewayStatePlan.base64(KEYS.serverName()))
        .build();
  }

  private static GatewayKeys keys() {
    GatewayKeys.Leaf leaf = new GatewayKeys.Leaf("certificate", "key");
    return new GatewayKeys(
        "office.vpn",
        AUTHORITY,
        leaf,
        leaf,
        OpenVpnStaticKey.generate(new SecureRandom()).file(),
        "",
        "authority",
        leaf,
        leaf);
  }
}

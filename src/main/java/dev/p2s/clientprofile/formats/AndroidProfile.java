package dev.p2s.clientprofile.formats;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.UUID;

/** {@code Android/vpn.sswan}: a profile that the strongSwan app imports, certificate and all. */
final class AndroidProfile {

  static final String PATH = "Android/vpn.sswan";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private AndroidProfile() {}

  static String render(PackageInput input) {
    ObjectNode profile = JSON.createObjectNode();
    // the same profile keeps its identity: importing it again replaces it
    profile.put(
        "uuid",
        UUID.nameUUIDFromBytes(
                (input.server().name() + "/" + input.profile()).getBytes(StandardCharsets.UTF_8))
            .toString());
    profile.put("name", input.gateway());
    profile.put("type", input.login().byCertificate() ? "ikev2-cert" : "ikev2-eap");
    ObjectNode remote = profile.putObject("remote");
    remote.put("addr", input.server().address());
    remote.put("id", input.server().name());
    try {
      remote.put(
          "cert", Base64.getEncoder().encodeToString(input.server().authority().getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
    if (input.network().everything()) {
      // what would go beside the tunnel is dropped by the phone
      profile.putObject("split-tunneling").put("block-ipv4", true).put("block-ipv6", true);
    }
    input
        .login()
        .keyPair()
        .ifPresent(
            pair ->
                profile
                    .putObject("local")
                    .put("p12", Base64.getEncoder().encodeToString(ClientPkcs12.of(pair))));
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(profile) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}

package dev.p2s.clientprofile;

import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.api.v1alpha1.P2SGateway;
import dev.p2s.clientprofile.formats.ProfilePackage;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The packages that a gateway's Secrets and status make for people without a certificate. */
public final class HandedOut {

  private HandedOut() {}

  /** Contents by how the person logs in, and path. */
  public static Map<String, String> files(P2SGateway gateway, Secret state, Secret authority) {
    GatewayMaterial material =
        GatewayMaterial.of(gateway, Optional.of(state), Optional.of(authority)).orElseThrow();
    Map<String, String> files = new TreeMap<>();
    for (AuthenticationType login : material.state().authentications()) {
      ProfilePackage.render(material.packageFor("alice", login, Optional.empty(), Optional.empty()))
          .files()
          .forEach(
              (path, bytes) ->
                  files.put(login + " " + path, new String(bytes, StandardCharsets.ISO_8859_1)));
    }
    return files;
  }
}

package dev.p2s.clientprofile;

import dev.p2s.api.v1alpha1.ClientProfile;
import dev.p2s.clientprofile.formats.ClientPkcs12;
import dev.p2s.clientprofile.formats.PackageLogin.IssuedPair;
import dev.p2s.clientprofile.formats.ProfilePackage;
import dev.p2s.gateway.GatewayLabels;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The Secret {@code <profile>-vpn}: the zip, each of its files apart, and the issued pair. */
final class ProfileSecret {

  /** Label of such a Secret; its value is the profile's name. */
  static final String PROFILE = "p2s.dev/profile";

  static final String ZIP = "package.zip";

  private static final String CERTIFICATE = "tls.crt";
  private static final String KEY = "tls.key";

  /** Of {@link ProfilePackage#PKCS12}: beside the package, not in it. */
  private static final String PKCS12_PASSWORD = "client.p12.password";

  private ProfileSecret() {}

  static String nameFor(ClientProfile profile) {
    return profile.getMetadata().getName() + "-vpn";
  }

  static Secret of(
      ClientProfile profile, ProfilePackage files, byte[] zip, Optional<IssuedPair> certificate) {
    Map<String, String> data = new TreeMap<>();
    data.put(ZIP, base64(zip));
    files.files().forEach((path, bytes) -> data.put(path.replace('/', '_'), base64(bytes)));
    certificate.ifPresent(
        pair -> {
          data.put(CERTIFICATE, base64(pair.certificatePem().getBytes(StandardCharsets.UTF_8)));
          if (pair.holdsKey()) {
            data.put(KEY, base64(pair.keyPem().getBytes(StandardCharsets.UTF_8)));
          }
          if (files.files().containsKey(ProfilePackage.PKCS12)) {
            data.put(
                PKCS12_PASSWORD,
                base64(ClientPkcs12.password(pair).getBytes(StandardCharsets.US_ASCII)));
          }
        });
    return new SecretBuilder()
        .withNewMetadata()
        .withName(nameFor(profile))
        .withNamespace(profile.getMetadata().getNamespace())
        .addToLabels(GatewayLabels.MANAGED_BY, GatewayLabels.OPERATOR)
        .addToLabels(PROFILE, profile.getMetadata().getName())
        .addNewOwnerReference()
        .withApiVersion("p2s.dev/v1alpha1")
        .withKind("ClientProfile")
        .withName(profile.getMetadata().getName())
        .withUid(profile.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .endOwnerReference()
        .endMetadata()
        .withType("Opaque")
        .withData(data)
        .build();
  }

  /** The pair that an earlier package carries; without a key where only the person has it. */
  static Optional<IssuedPair> issuedPair(Secret secret) {
    String certificate = GatewayMaterial.text(secret, CERTIFICATE);
    String key = GatewayMaterial.text(secret, KEY);
    return certificate.isEmpty() ? Optional.empty() : Optional.of(new IssuedPair(certificate, key));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}

package dev.p2s.api.v1alpha1;

/** Exactly one of {@code publicCertData}, {@code secretRef}, {@code configMapRef}, selfSigned. */
public record RootCertificateSpec(
    GatewayRef gatewayRef,
    String publicCertData,
    KeyRef secretRef,
    KeyRef configMapRef,
    SelfSigned selfSigned) {

  public record GatewayRef(String name) {}

  public record KeyRef(String name, String key) {}

  /** {@code duration}: Go notation in hours such as 87600h. */
  public record SelfSigned(String commonName, String duration, KeySecretRef keySecretRef) {}

  public record KeySecretRef(String name) {}
}

package dev.p2s.cluster;

import dev.p2s.pki.CertificateAuthority;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;

/** A gateway {@code vpn/office} of SSTP and IKEv2, and whom it trusts. */
final class SstpObjects {

  private static final String OBJECTS =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: radius, namespace: vpn}
      stringData: {shared: "%s"}
      ---
      apiVersion: p2s.dev/v1alpha1
      kind: P2SGateway
      metadata: {name: office, namespace: vpn}
      spec:
        tunnelTypes: [IKEv2, SSTP]
        clientAddressPools: [172.31.200.0/23]
        exposure: {type: HostPort}
      ---
      apiVersion: p2s.dev/v1alpha1
      kind: RootCertificate
      metadata: {name: office-root, namespace: vpn}
      spec:
        gatewayRef: {name: office}
        publicCertData: %s
      ---
      apiVersion: p2s.dev/v1alpha1
      kind: RootCertificate
      metadata: {name: phones, namespace: vpn}
      spec: {gatewayRef: {name: office}, selfSigned: {commonName: Phones}}
      ---
      apiVersion: p2s.dev/v1alpha1
      kind: ClientProfile
      metadata: {name: phone, namespace: vpn}
      spec: {gatewayRef: {name: office}}
      """;

  /** Takes back what {@link #peopleAt} did. */
  static final String CERTIFICATES_ONLY =
      "{\"spec\": {\"authenticationTypes\": [\"Certificate\"], \"radius\": null}}";

  private SstpObjects() {}

  /**
   * An edit after which people log in at a RADIUS server, and not by certificates.
   *
   * @param more fields of {@code radius}, each with a comma before it
   */
  static String peopleAt(RadiusMachine radius, String more) {
    return """
        {"spec": {"authenticationTypes": ["RADIUS"], "radius": {"timeoutSeconds": 20, "servers": [
          {"address": "%s", "secretRef": {"name": "radius", "key": "shared"}}]%s}}}
        """
        .formatted(radius.address(), more);
  }

  /**
   * @param root that a company has uploaded; {@code phones} issues from a key of its own
   */
  static String of(CertificateAuthority root) throws CertificateEncodingException {
    return OBJECTS.formatted(
        RadiusMachine.SECRET, Base64.getEncoder().encodeToString(root.certificate().getEncoded()));
  }
}

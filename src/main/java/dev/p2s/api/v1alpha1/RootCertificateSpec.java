package dev.p2s.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Exactly one of {@code publicCertData}, {@code secretRef}, {@code configMapRef}, selfSigned. */
@ValidationRule(
    value =
        "[has(self.publicCertData), has(self.secretRef), has(self.configMapRef),"
            + " has(self.selfSigned)].filter(given, given).size() == 1",
    message =
        "name the root in exactly one way: publicCertData, secretRef, configMapRef or selfSigned")
@ValidationRule(
    value = "has(self.selfSigned) == has(oldSelf.selfSigned)",
    message =
        "a root cannot turn from self-signed to uploaded or back; create another RootCertificate")
public record RootCertificateSpec(
    @JsonPropertyDescription("The gateway, in the same namespace, that accepts the root's clients.")
        @Required
        GatewayRef gatewayRef,
    @JsonPropertyDescription(
            "The root's public certificate: base64 on one line as Azure takes it, or PEM. Never a"
                + " private key.")
        @Size(max = 65536)
        @ValidationRule(
            value = "!self.contains('PRIVATE KEY')",
            message =
                "publicCertData holds a PRIVATE KEY; treat it as exposed; upload only the .cer")
        String publicCertData,
    @JsonPropertyDescription("An entry of a Secret with the public certificate.") KeyRef secretRef,
    @JsonPropertyDescription("An entry of a ConfigMap with the public certificate.")
        KeyRef configMapRef,
    @JsonPropertyDescription(
            "Let the operator make the root; its key stays in a Secret and issues the certificates of"
                + " ClientProfiles.")
        SelfSigned selfSigned,
    @JsonPropertyDescription(
            "Issuing certificates between the root and its clients, PEM, at most 16: whoever one of"
                + " them issued is admitted though the client does not send it.")
        References.TextSource intermediates,
    @JsonPropertyDescription("How the root's own authority takes certificates back.")
        Revocation revocation) {

  /** Revocation by the root's own authority. */
  public record Revocation(
      @JsonPropertyDescription("A list of revoked certificates.") @Required Crl crl) {}

  /** A certificate revocation list. */
  public record Crl(
      @JsonPropertyDescription(
              "Where the gateway's pods fetch it, http or https; at most 2 MiB, signed by the root or"
                  + " by one of its intermediates. It counts for certificates that its signer has"
                  + " issued. Default: the distribution points that the root's certificate names.")
          @Size(min = 8, max = 1024)
          @ValidationRule(
              value = "isURL(self) && url(self).getScheme() in ['http', 'https']",
              message = "url must be an http or https URL, such as http://pki.corp.example/ca.crl")
          String url,
      @JsonPropertyDescription(
              "What happens to new connections while no valid list says of a certificate whether it"
                  + " is taken back: Refuse (default) or Allow. Who is connected stays.")
          IfStale ifStale) {
    /** Without a valid list. */
    public enum IfStale {
      Refuse,
      Allow
    }
  }

  /** A gateway of the same namespace. */
  public record GatewayRef(
      @JsonPropertyDescription("The P2SGateway's name.")
          @Required
          @Size(min = 1, max = 40)
          @ValidationRule(value = References.NAME, message = References.NAME_MEANT)
          String name) {}

  /** An entry of an object of the same namespace. */
  public record KeyRef(
      @JsonPropertyDescription("The object's name.")
          @Required
          @Size(min = 1, max = 253)
          @ValidationRule(value = References.NAME, message = References.NAME_MEANT)
          String name,
      @JsonPropertyDescription("The entry.")
          @Required
          @Size(min = 1, max = 253)
          @ValidationRule(value = References.ENTRY, message = References.ENTRY_MEANT)
          String key) {}

  /** A root that the operator makes. */
  public record SelfSigned(
      @JsonPropertyDescription("The subject's common name. Default: the RootCertificate's name.")
          @Size(min = 1, max = 64)
          String commonName,
      @JsonPropertyDescription("How long the root is valid, such as 87600h (the default).")
          @Size(min = 2, max = 16)
          @ValidationRule(
              value = "self.matches('^[0-9]{1,6}h$')",
              message = "duration must be in hours, such as 87600h")
          String duration,
      @JsonPropertyDescription(
              "The Secret with the root's certificate and key (tls.crt, tls.key): adopted where it"
                  + " exists, else made. Default: <name>-key.")
          KeySecretRef keySecretRef) {}

  /** A Secret of the same namespace. */
  public record KeySecretRef(
      @JsonPropertyDescription("The Secret's name.")
          @Required
          @Size(min = 1, max = 253)
          @ValidationRule(value = References.NAME, message = References.NAME_MEANT)
          String name) {}
}

package dev.p2s.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** Where the package is and what is in it. */
public record ClientProfileStatus(
    @JsonPropertyDescription("The generation that this status judges.") Long observedGeneration,
    @JsonPropertyDescription("Accepted and Ready.") List<Condition> conditions,
    @JsonPropertyDescription("The Secret that holds package.zip and each file apart.")
        String secretName,
    @JsonPropertyDescription("The package's files.") List<String> files,
    @JsonPropertyDescription("The one command that writes the zip.") String fetch,
    @JsonPropertyDescription("The RootCertificate that issued the certificate.") String rootName,
    @JsonPropertyDescription("The issued certificate.") Certificate certificate,
    @JsonPropertyDescription("SHA-256 of the zip.") String packageHash,
    @JsonPropertyDescription("SHA-256 of what the package renders of its gateway.")
        String gatewayHash,
    @JsonPropertyDescription(
            "The generation that the package is for; an earlier one where the last edit was refused.")
        Long programmedGeneration,
    @JsonPropertyDescription(
            "Whom the package names: spec.user; of certificates without it, the profile's name.")
        String user,
    @JsonPropertyDescription("How the person logs in.") AuthenticationType authenticationType,
    @JsonPropertyDescription("The platforms that the package is for, separated by commas.")
        String clients) {

  /** The issued certificate. */
  public record Certificate(
      @JsonPropertyDescription("Serial number, hexadecimal.") String serial,
      @JsonPropertyDescription("SHA-1, as clients show it.") String thumbprint,
      @JsonPropertyDescription("When it ends.") String notAfter,
      @JsonPropertyDescription("When the next one is issued.") String renewAt) {}
}

package dev.p2s.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** What is known of a root. */
public record RootCertificateStatus(
    @JsonPropertyDescription("The generation that this status judges.") Long observedGeneration,
    @JsonPropertyDescription("Accepted and Ready.") List<Condition> conditions,
    @JsonPropertyDescription("Whom the certificate names.") String subject,
    @JsonPropertyDescription("SHA-1, as Azure shows it.") String thumbprint,
    @JsonPropertyDescription("When the certificate ends.") String notAfter,
    @JsonPropertyDescription("How many ClientProfiles break if the root is removed.")
        Integer profiles,
    @JsonPropertyDescription("Whether profiles can be issued from it.") Boolean holdsKey) {}

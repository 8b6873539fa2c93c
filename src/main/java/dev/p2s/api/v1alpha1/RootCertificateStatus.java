package dev.p2s.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** What is known of a root. */
public record RootCertificateStatus(
    Long observedGeneration,
    List<Condition> conditions,
    String subject,
    String thumbprint,
    String notAfter,
    Integer profiles,
    Boolean holdsKey) {}

package dev.p2s.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;

/** The smaller parts of a gateway's spec. */
public interface GatewayPolicies {

  /** Which TLS cipher suites are offered. */
  enum TlsPolicy {
    /** The seed's twelve suites. */
    Default,
    /** Those of them with ephemeral keys and an authenticated cipher. */
    Hardened
  }

  /** Which IKE and IPsec policies are offered where no custom one is named. */
  enum IpsecPreset {
    /** The seed's rows. */
    Default,
    /** Those of them without SHA1, DH group 2 and group 24. */
    Hardened
  }

  /** What becomes of traffic over the SKU's throughput. */
  enum ThroughputPolicy {
    /** It is measured and told. */
    Observe,
    /** It is held back. */
    Shape
  }

  /** How pods come to a newer template. */
  enum PodUpdates {
    /** Whoever deletes a pod decides when. */
    OnDelete,
    /** The operator replaces them, one after another. */
    Rolling
  }

  /** Where the server certificate comes from. */
  @ValidationRule(
      value = "has(self.secretRef) != has(self.issuerRef)",
      message = "name the server certificate in exactly one way: secretRef or issuerRef")
  record ServerCertificate(
      @JsonPropertyDescription("A Secret with tls.crt, tls.key and ca.crt.")
          References.ObjectRef secretRef,
      @JsonPropertyDescription(
              "A cert-manager issuer: the operator asks it for the certificate, and renewals are"
                  + " cert-manager's.")
          IssuerRef issuerRef) {}

  /** A cert-manager issuer. */
  record IssuerRef(
      @JsonPropertyDescription("Issuer (default) or ClusterIssuer.") IssuerKind kind,
      @JsonPropertyDescription("The issuer's name.")
          @Required
          @Size(min = 1, max = 253)
          @ValidationRule(value = References.NAME, message = References.NAME_MEANT)
          String name) {}

  /** Kinds of issuers. */
  enum IssuerKind {
    Issuer,
    ClusterIssuer
  }

  /** What becomes of a person's sessions when they connect once more. */
  enum Duplicates {
    Allow,
    Replace
  }

  /** How long a session may last, and how many a person may have. */
  record Sessions(
      @JsonPropertyDescription("After this long a person has to log in again, such as 12h.")
          @Size(min = 2, max = 8)
          @ValidationRule(
              value = "self.matches('^[1-9][0-9]{0,4}[mh]$')",
              message = "maxDuration must be minutes or hours, such as 90m or 12h")
          String maxDuration,
      @JsonPropertyDescription("After this long without traffic a session ends, such as 30m.")
          @Size(min = 2, max = 8)
          @ValidationRule(
              value = "self.matches('^[1-9][0-9]{0,4}[mh]$')",
              message = "idleTimeout must be minutes or hours, such as 30m")
          String idleTimeout,
      @JsonPropertyDescription(
              "When somebody who is connected connects once more, from another machine or by another"
                  + " protocol: Allow, or Replace, which ends the user's earlier sessions. Default:"
                  + " Allow.")
          Duplicates duplicates) {}

  /** Whose ClientProfiles may name the gateway. */
  record AllowedProfiles(
      @JsonPropertyDescription("The profiles' namespaces.") @Required
          ProfileNamespaces namespaces) {}

  /** Namespaces of profiles. */
  @ValidationRule(
      value = "(self.from == 'Selector') == has(self.selector)",
      message = "selector belongs to from: Selector, and only to it")
  record ProfileNamespaces(
      @JsonPropertyDescription("Same (the gateway's own), All or Selector.") @Required From from,
      @JsonPropertyDescription("Selects namespaces by their labels.") LabelSelector selector) {

    /** Which namespaces. */
    public enum From {
      Same,
      All,
      Selector
    }
  }

  /** What ClientProfiles are that do not say. */
  record ProfileDefaults(
      @JsonPropertyDescription("How the person is authenticated.")
          AuthenticationType authenticationType,
      @JsonPropertyDescription("The platforms that a package is for.") @Size(min = 1, max = 5)
          List<ClientPlatform> clients,
      @JsonPropertyDescription("Where the client certificate comes from.")
          ClientProfileSpec.Issued issued) {}
}

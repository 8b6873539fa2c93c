package dev.p2s.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Whose profile, and how the person proves who they are. */
public record ClientProfileSpec(
    @JsonPropertyDescription("The gateway that the profile connects to.")
        @Required
        @ValidationRule(
            value =
                "self.name == oldSelf.name && has(self.__namespace__) == has(oldSelf.__namespace__)"
                    + " && (!has(self.__namespace__) || self.__namespace__ == oldSelf.__namespace__)",
            message =
                "a profile stays with its gateway, or what was issued could not be taken back; create"
                    + " another ClientProfile")
        GatewayRef gatewayRef,
    @JsonPropertyDescription(
            "Whom the certificate names, such as alice@example.com. Default: the profile's name.")
        @Size(min = 1, max = 64)
        @ValidationRule(
            value = "!self.matches('[\\\\x00-\\\\x1f\\\\x7f]')",
            message = "user must have no control characters")
        String user,
    @JsonPropertyDescription(
            "How the person is authenticated. Default: the gateway's only authentication type.")
        AuthenticationType authenticationType,
    @JsonPropertyDescription(
            "Where the client certificate comes from. Default: issued from the gateway's only root"
                + " that holds a key.")
        Certificate certificate,
    @JsonPropertyDescription(
            "Refuses what was issued for this profile, until it is lifted; live sessions end.")
        Boolean suspended,
    @JsonPropertyDescription(
            "The platforms that the package is for; it has no files that are for others alone. Default:"
                + " every one that fits the gateway.")
        @Size(min = 1, max = 5)
        List<ClientPlatform> clients,
    @JsonPropertyDescription(
            "What becomes of the issued certificate when the profile is deleted: Revoke (default) or"
                + " Keep.")
        OnDelete onDelete) {

  /** What deletion does to what was issued. */
  public enum OnDelete {
    Revoke,
    Keep
  }

  /** A gateway. */
  public record GatewayRef(
      @JsonPropertyDescription("The P2SGateway's name.")
          @Required
          @Size(min = 1, max = 40)
          @ValidationRule(value = References.NAME, message = References.NAME_MEANT)
          String name,
      @JsonPropertyDescription(
              "Its namespace. Default: the profile's own. Another's gateway has to allow it:"
                  + " spec.allowedProfiles.")
          @Size(min = 1, max = 63)
          @ValidationRule(value = References.NAME, message = References.NAME_MEANT)
          String namespace) {}

  /** Where the client certificate comes from. */
  @ValidationRule(
      value = "[has(self.none), has(self.issued), has(self.csr)].filter(g, g).size() == 1",
      message = "certificate is one of none: {}, issued: {…} and csr: {…}")
  public record Certificate(
      @JsonPropertyDescription("The person has a certificate of an uploaded root.") None none,
      @JsonPropertyDescription("Issued from a self-signed root of the gateway.") Issued issued,
      @JsonPropertyDescription(
              "Issued for the public key of a certificate request, from the gateway's only root that"
                  + " holds a key. The private key stays with the person. Another key's request takes"
                  + " the certificate of the one before back.")
          Csr csr) {}

  /** A certificate request. */
  public record Csr(
      @JsonPropertyDescription("The request in PEM; only its public key is used.")
          @Required
          @Size(min = 1, max = 16384)
          @ValidationRule(
              value = "!self.contains('PRIVATE KEY')",
              message = "csr holds a PRIVATE KEY; treat it as exposed; give only the request")
          String pem) {}

  /** The person brings a certificate. */
  public record None() {}

  /** Issued by the operator. */
  public record Issued(
      @JsonPropertyDescription("The root. Default: the gateway's only one that holds a key.")
          RootRef rootRef,
      @JsonPropertyDescription("How long a certificate is valid. Default: 2160h.")
          @Size(min = 2, max = 16)
          @ValidationRule(
              value = "self.matches('^[0-9]{1,6}h$')",
              message = "duration must be in hours, such as 2160h")
          String duration,
      @JsonPropertyDescription(
              "How long before its end the next certificate is issued. Default: 720h.")
          @Size(min = 2, max = 16)
          @ValidationRule(
              value = "self.matches('^[0-9]{1,6}h$')",
              message = "renewBefore must be in hours, such as 720h")
          String renewBefore) {}

  /** A RootCertificate of the gateway's namespace. */
  public record RootRef(
      @JsonPropertyDescription("The RootCertificate's name.")
          @Required
          @Size(min = 1, max = 253)
          @ValidationRule(value = References.NAME, message = References.NAME_MEANT)
          String name) {}
}

package dev.p2s.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** RADIUS and Active Directory (seed, "Active Directory (AD) Domain Server"). */
public record RadiusSpec(
    @JsonPropertyDescription(
            "Password (EAP-MSCHAPv2; the default) or Certificate (EAP-TLS, which needs no"
                + " RootCertificate).")
        Method method,
    @JsonPropertyDescription(
            "How the passwords of OpenVPN and SSTP go to the servers: MSCHAPv2 (default), which needs servers"
                + " that know the password or its NT hash, such as Active Directory's; or PAP, for"
                + " one-time codes and passwords that are kept hashed otherwise.")
        PasswordProtocol passwordProtocol,
    @JsonPropertyDescription("One or two servers; the one with the higher score is asked first.")
        @Required
        @Size(min = 1, max = 2)
        List<Server> servers,
    @JsonPropertyDescription(
            "How long a login may take, 1 to 120 seconds, so that a person can confirm a push."
                + " Default: 30.")
        @Min(1)
        @Max(120)
        Integer timeoutSeconds,
    @JsonPropertyDescription(
            "What the gateway calls itself at the server. Default: <namespace>/<name>.")
        @Size(min = 1, max = 253)
        String nasIdentifier,
    @JsonPropertyDescription(
            "The roots of the servers' certificates; they go into the packages, so that clients know"
                + " whom they give a password to.")
        References.TextSource serverRoots,
    @JsonPropertyDescription(
            "Whether sessions are accounted at the servers (RFC 2866), those of certificates and"
                + " tokens too. Default: false.")
        Boolean accounting) {

  /** What a person proves who they are with. */
  public enum Method {
    Password,
    Certificate
  }

  /** How a password that the gateway was given goes to a server. */
  public enum PasswordProtocol {
    MSCHAPv2,
    PAP
  }

  /** One server. */
  public record Server(
      @JsonPropertyDescription("Numeric address.")
          @Required
          @Size(min = 2, max = 45)
          @ValidationRule(
              value = "isIP(self)",
              message = "a RADIUS server's address must be numeric, such as 10.1.0.4")
          String address,
      @JsonPropertyDescription("1 to 30; higher is asked first. Default: 30.") @Min(1) @Max(30)
          Integer score,
      @JsonPropertyDescription("UDP port of authentication. Default: 1812.") @Min(1) @Max(65535)
          Integer port,
      @JsonPropertyDescription("UDP port of accounting. Default: 1813.") @Min(1) @Max(65535)
          Integer accountingPort,
      @JsonPropertyDescription("The shared secret; write it without a newline at its end.")
          @Required
          References.EntryRef secretRef) {}
}

package dev.p2s.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/** A custom policy in the words of Azure's {@code vpnClientIpsecPolicies}. */
public record IpsecPolicySpec(
    @JsonPropertyDescription("300 to 172799 seconds. Default: 27000.") @Min(300) @Max(172799)
        Integer saLifeTimeSeconds,
    @JsonPropertyDescription("1024 to 2147483647 kilobytes. Default: 33553408.")
        @Min(1024)
        @Max(2147483647)
        Integer saDataSizeKilobytes,
    @JsonPropertyDescription("The tunnel's cipher.") @Required Encryption ipsecEncryption,
    @JsonPropertyDescription("The tunnel's integrity; with a GCM cipher the same GCM.") @Required
        IpsecIntegrity ipsecIntegrity,
    @JsonPropertyDescription("IKE's cipher.") @Required Encryption ikeEncryption,
    @JsonPropertyDescription("IKE's integrity and PRF.") @Required IkeIntegrity ikeIntegrity,
    @JsonPropertyDescription("IKE's key exchange; DHGroup2 and DHGroup24 are weak.") @Required
        DhGroup dhGroup,
    @JsonPropertyDescription("The tunnel's key exchange; PFS2 and PFS24 are weak.") @Required
        PfsGroup pfsGroup) {

  /** Ciphers that are accepted. */
  public enum Encryption {
    GCMAES256,
    GCMAES128,
    AES256,
    AES128
  }

  /** Integrity of the tunnel. */
  public enum IpsecIntegrity {
    GCMAES256,
    GCMAES128,
    SHA256
  }

  /** Integrity of IKE. */
  public enum IkeIntegrity {
    SHA384,
    SHA256
  }

  /** Key exchange of IKE. */
  public enum DhGroup {
    DHGroup24,
    ECP384,
    ECP256,
    DHGroup14,
    DHGroup2
  }

  /** Key exchange of the tunnel. */
  public enum PfsGroup {
    PFS24,
    PFSMM,
    ECP384,
    ECP256,
    PFS14,
    PFS2,
    None
  }
}

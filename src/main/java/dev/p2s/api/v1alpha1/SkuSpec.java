package dev.p2s.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A row of the seed's SKU table, or figures of one's own. */
@ValidationRule(
    value = "has(self.name) != has(self.custom)",
    message = "sku is either a name of the seed's table, such as VpnGw1AZ, or custom figures")
@ValidationRule(
    value = "!has(self.generation) || has(self.name)",
    message = "generation belongs to a name of the seed's table")
public record SkuSpec(
    @JsonPropertyDescription(
            "Generation1 or Generation2; may be left out where one generation only has the name.")
        @Size(max = 16)
        @ValidationRule(
            value = "self in ['Generation1', 'Generation2']",
            message = "generation must be Generation1 or Generation2")
        String generation,
    @JsonPropertyDescription("The SKU's name, such as VpnGw1AZ.") @Size(min = 1, max = 16)
        String name,
    @JsonPropertyDescription("Figures of one's own, for those who have no Azure history.")
        CustomSku custom) {
  /** A SKU that is no row of the seed's table. */
  public record CustomSku(
      @JsonPropertyDescription("IKEv2 and OpenVPN connections together, 1 to 10000.")
          @Required
          @Min(1)
          @Max(10000)
          Integer connections,
      @JsonPropertyDescription("SSTP connections, 0 to 128. Default: 128.") @Min(0) @Max(128)
          Integer sstpConnections,
      @JsonPropertyDescription("Throughput in Mbit/s, 1 to 100000. Default: 650.")
          @Min(1)
          @Max(100000)
          Integer throughputMbps,
      @JsonPropertyDescription("Whether the pods spread over zones. Default: true.")
          Boolean zoneRedundant) {}
}

package dev.p2s.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Which traffic takes the tunnel, and what is let through at its end. */
public record RoutesSpec(
    @JsonPropertyDescription(
            "The ranges that sessions may reach. Default: the cluster's Service and Pod ranges,"
                + " with mode Forced everything.")
        @Size(max = 256)
        @ValidationRule(
            value = "self.all(r, isCIDR(r) && cidr(r) == cidr(r).masked())",
            message =
                "each route must be a range in CIDR notation without host bits, such as 10.0.0.0/8")
        List<@Size(max = 43) String> include,
    @JsonPropertyDescription(
            "Whether traffic leaves the gateway with the pod's address (true, the default) or with"
                + " the client's, which the network must then route back to the gateway.")
        Boolean snat,
    @JsonPropertyDescription(
            "Split (default: the ranges take the tunnel) or Forced (all traffic does, and of it the"
                + " ranges are reached).")
        Mode mode,
    @JsonPropertyDescription("Parts of include that sessions may not reach.")
        @Size(max = 256)
        @ValidationRule(
            value = "self.all(r, isCIDR(r) && cidr(r) == cidr(r).masked())",
            message = "each range must be in CIDR notation without host bits, such as 10.99.0.0/16")
        List<@Size(max = 43) String> exclude) {
  /** Which traffic takes the tunnel. */
  public enum Mode {
    Split,
    Forced
  }
}

package dev.p2s.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;

/** People who get addresses and reach of their own. */
@ValidationRule(
    value = "(has(self.default) && self.default) == (has(oldSelf.default) && oldSelf.default)",
    message = "a group's default flag stays; make a group of another name")
public record PolicyGroupSpec(
    @JsonPropertyDescription("The group's name; it stays.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        String name,
    @JsonPropertyDescription("Of the groups that a person belongs to, the lowest number counts.")
        @Required
        @Min(0)
        @Max(1000000)
        Integer priority,
    @JsonPropertyDescription("Whether the group takes whoever belongs to no other; exactly one.")
        @JsonProperty("default")
        Boolean isDefault,
    @JsonPropertyDescription("Who belongs to it; one match is enough.") @Size(max = 390)
        List<Member> members,
    @JsonPropertyDescription(
            "Where its people get their addresses from. Default: the gateway's pools.")
        @Size(max = 4)
        List<@Size(max = 43) String> clientAddressPools,
    @JsonPropertyDescription(
            "What its people may reach. Absent: all advertised routes; empty: nothing.")
        @Size(max = 64)
        List<Allow> allow) {

  /** How a person is recognised as a member. */
  public record Member(
      @JsonPropertyDescription(
              "AADGroupId (a group's GUID in the token), CertificateGroupId (the domain in the"
                  + " certificate's common name) or RadiusAzureGroupId (Microsoft's RADIUS"
                  + " attribute 65, hexadecimal, begins 6ad1bd).")
          @Required
          MemberType type,
      @JsonPropertyDescription("The value to compare with.") @Required @Size(min = 1, max = 253)
          String value) {}

  /** Attributes that members are recognised by. */
  public enum MemberType {
    AADGroupId,
    CertificateGroupId,
    RadiusAzureGroupId
  }

  /** One destination: a range or the Services of namespaces. */
  public record Allow(
      @JsonPropertyDescription("A range.") @Size(max = 43) String cidr,
      @JsonPropertyDescription("Services of the cluster.") Services services,
      @JsonPropertyDescription("Ports. Default: all.") @Size(max = 16) List<Port> ports) {}

  /** Services of namespaces. */
  public record Services(
      @JsonPropertyDescription("The namespaces.") @Required LabelSelector namespaceSelector) {}

  /** One port. */
  public record Port(
      @JsonPropertyDescription("TCP (default) or UDP.") Protocol protocol,
      @JsonPropertyDescription("The port's number.") @Required @Min(1) @Max(65535) Integer port) {}

  /** Transport protocols. */
  public enum Protocol {
    TCP,
    UDP
  }
}

package dev.p2s.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;

/** What a gateway shall be. Everything but the pools has a default, computed and never written. */
public record P2SGatewaySpec(
    @JsonPropertyDescription(
            "The gateway SKU: how many connections the gateway takes. Default: VpnGw1AZ (250).")
        Sku sku,
    @JsonPropertyDescription(
            "The protocols that clients dial. Default: [OpenVPN]. OpenVPN and SSTP never together.")
        @Size(min = 1, max = 3)
        List<TunnelType> tunnelTypes,
    @JsonPropertyDescription(
            "How people are authenticated, within the seed's table of tunnel types and"
                + " authentication. Default: [Certificate].")
        @Size(min = 1, max = 3)
        List<AuthenticationType> authenticationTypes,
    @JsonPropertyDescription(
            "The ranges that clients get their addresses from, such as 172.31.200.0/24. At least /29"
                + " each, without overlap with one another, with another gateway's pools, or with"
                + " the cluster's Service and Pod ranges.")
        @Required
        @Size(min = 1, max = 4)
        @ValidationRule(
            value = "self.all(p, isCIDR(p))",
            message =
                "each pool must be a range in CIDR notation such as 172.31.200.0/24 (IPv4) or"
                    + " fd00:1::/112 (IPv6)")
        @ValidationRule(
            value = "self.all(p, !isCIDR(p) || cidr(p) == cidr(p).masked())",
            message = "a pool has host bits set; write the network address, such as 10.1.2.0/24")
        List<@Size(max = 43) String> clientAddressPools,
    @JsonPropertyDescription(
            "What sessions may reach and clients are told to route. Default: the cluster's Service"
                + " and Pod ranges.")
        Routes routes,
    @JsonPropertyDescription("Name resolution for clients. Default: the cluster's DNS and domain.")
        Dns dns,
    @JsonPropertyDescription(
            "A DNS name that stays the same for the gateway's life; packages name it in place of an"
                + " address. At its first use it becomes the server certificate's name, for good.")
        @Size(max = 253)
        @ValidationRule(
            value =
                "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
            message = "fqdn must be a DNS name in lower case, such as vpn.corp.example")
        String fqdn,
    @JsonPropertyDescription(
            "Client certificates that are refused although their root is trusted. Live sessions end"
                + " at once.")
        @Size(max = 1000)
        List<RevokedCertificate> revokedCertificates,
    @JsonPropertyDescription(
            "People who are refused under every authentication type. Live sessions end at once.")
        @Size(max = 1000)
        List<BlockedUser> blockedUsers,
    @JsonPropertyDescription(
            "How clients reach the gateway. Default: a Service of type LoadBalancer.")
        Exposure exposure,
    @JsonPropertyDescription("Knobs of the OpenVPN servers.") OpenVpn openVpn,
    @JsonPropertyDescription("How many gateway pods serve.") @Default("{}") Scaling scaling) {

  /** A row of the seed's SKU table. */
  public record Sku(
      @JsonPropertyDescription(
              "Generation1 or Generation2; may be left out where one generation only has the name.")
          @Size(max = 16)
          @ValidationRule(
              value = "self in ['Generation1', 'Generation2']",
              message = "generation must be Generation1 or Generation2")
          String generation,
      @JsonPropertyDescription("The SKU's name, such as VpnGw1AZ.")
          @Required
          @Size(min = 1, max = 16)
          String name) {}

  /** Which traffic takes the tunnel, and what is let through at its end. */
  public record Routes(
      @JsonPropertyDescription(
              "The ranges that sessions may reach. Default: the cluster's Service and Pod ranges.")
          @Size(max = 256)
          @ValidationRule(
              value = "self.all(r, isCIDR(r) && cidr(r) == cidr(r).masked())",
              message =
                  "each route must be a range in CIDR notation without host bits, such as 10.0.0.0/8")
          List<@Size(max = 43) String> include,
      @JsonPropertyDescription(
              "Whether traffic leaves the gateway with the pod's address (true, the default) or with"
                  + " the client's, which the network must then route back to the gateway.")
          Boolean snat) {}

  /** What clients resolve names with. */
  public record Dns(
      @JsonPropertyDescription("Numeric addresses of resolvers. Default: the cluster's DNS.")
          @Size(max = 3)
          @ValidationRule(
              value = "self.all(s, isIP(s))",
              message = "each server must be a numeric address, such as 10.0.0.53")
          List<@Size(max = 45) String> servers,
      @JsonPropertyDescription("Search domains. Default: the cluster's domain.") @Size(max = 10)
          List<@Size(max = 253) String> suffixes) {}

  /** One client certificate that is refused. */
  public record RevokedCertificate(
      @JsonPropertyDescription("Whose or why, for logs.") @Size(max = 253) String name,
      @JsonPropertyDescription(
              "SHA-1 (40 digits, as Azure writes it) or SHA-256 (64); spaces and colons are allowed.")
          @Required
          @Size(min = 40, max = 200)
          @ValidationRule(
              value = "self.matches('^[0-9A-Fa-f: ]+$')",
              message =
                  "a thumbprint has hexadecimal digits, spaces and colons only; copy it from the"
                      + " certificate's details")
          String thumbprint) {}

  /** One person who is refused. */
  public record BlockedUser(
      @JsonPropertyDescription("The name as the credential says it; compared without case.")
          @Required
          @Size(min = 1, max = 253)
          String user,
      @JsonPropertyDescription("Why, for whoever reads this.") @Size(max = 253) String reason) {}

  /** How clients reach the gateway. */
  @ValidationRule(
      value = "!has(self.nodePort) || (has(self.type) && self.type == 'NodePort')",
      message = "nodePort is for type NodePort only")
  public record Exposure(
      @JsonPropertyDescription(
              "LoadBalancer (default), HostPort (the node's own port 443), NodePort or ClusterIP.")
          Type type,
      @JsonPropertyDescription(
              "What clients dial, where the cluster cannot know it: a DNS name or numeric address.")
          @Size(max = 253)
          @ValidationRule(
              value = "isIP(self) || self.matches('^[a-z0-9][-a-z0-9.]*[a-z0-9]$')",
              message = "address must be a DNS name in lower case or a numeric address")
          String address,
      @JsonPropertyDescription("The port on every node, where a certain one is wanted.")
          @Min(1)
          @Max(65535)
          Integer nodePort) {
    /** Where clients' connections arrive. */
    public enum Type {
      LoadBalancer,
      HostPort,
      NodePort,
      ClusterIP
    }
  }

  /** Knobs of the OpenVPN servers. */
  public record OpenVpn(
      @JsonPropertyDescription("openvpn processes in a pod. Default: one a core.") @Min(1) @Max(64)
          Integer processes) {}

  /** How many pods serve. */
  public record Scaling(
      @JsonPropertyDescription(
              "Gateway pods. Written by kubectl scale, autoscalers and people only.")
          @SpecReplicas
          @Default("1")
          @Min(0)
          @Max(100)
          Integer replicas) {}
}

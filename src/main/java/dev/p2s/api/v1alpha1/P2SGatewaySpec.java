package dev.p2s.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** What a gateway shall be. Everything but the pools has a default, computed and never written. */
@ValidationRule(
    value =
        "!has(self.entraID) || (has(self.authenticationTypes) && 'EntraID' in self.authenticationTypes)",
    message = "entraID has no effect without EntraID in authenticationTypes; add it there")
@ValidationRule(
    value =
        "!has(self.oidc) || (has(self.authenticationTypes) && 'OIDC' in self.authenticationTypes)",
    message = "oidc has no effect without OIDC in authenticationTypes; add it there")
@ValidationRule(
    value =
        "!has(self.radius) || (has(self.authenticationTypes) && 'RADIUS' in self.authenticationTypes)",
    message = "radius has no effect without RADIUS in authenticationTypes; add it there")
@ValidationRule(
    value =
        "!(has(self.ipsecPolicies) || has(self.ipsecPreset)) || (has(self.tunnelTypes) && 'IKEv2' in"
            + " self.tunnelTypes)",
    message = "ipsecPolicies and ipsecPreset have no effect without IKEv2 in tunnelTypes")
@ValidationRule(
    value = "!(has(self.ipsecPolicies) && has(self.ipsecPreset))",
    message = "name either ipsecPolicies or ipsecPreset")
@ValidationRule(
    value =
        "!has(self.policyGroups) || self.policyGroups.filter(g, has(g.default) &&"
            + " g.default).size() == 1",
    message = "exactly one of the policyGroups must have default: true")
@ValidationRule(
    value =
        "!(has(self.exposure) && has(self.exposure.balancing) && self.exposure.balancing =="
            + " 'PerReplica') || has(self.fqdn)",
    message =
        "exposure.balancing PerReplica needs fqdn: packages name that, and it names every replica's"
            + " address")
public record P2SGatewaySpec(
    @JsonPropertyDescription(
            "The gateway SKU: how many connections the gateway takes. Default: VpnGw1AZ (250).")
        SkuSpec sku,
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
        RoutesSpec routes,
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
    @JsonPropertyDescription("How many gateway pods serve.") @Default("{}") ScalingSpec scaling,
    @JsonPropertyDescription("Microsoft Entra ID; OpenVPN only, with the Azure VPN Client.")
        EntraIdSpec entraID,
    @JsonPropertyDescription("Any OpenID Connect issuer in Entra ID's place.") OidcSpec oidc,
    @JsonPropertyDescription("RADIUS servers, such as NPS before an Active Directory.")
        RadiusSpec radius,
    @JsonPropertyDescription(
            "Custom IKE and IPsec policies. Default: those of the seed; see ipsecPreset.")
        @Size(min = 1, max = 8)
        List<IpsecPolicySpec> ipsecPolicies,
    @JsonPropertyDescription(
            "Default (the seed's IKE and IPsec policies) or Hardened (without SHA1 and weak groups).")
        GatewayPolicies.IpsecPreset ipsecPreset,
    @JsonPropertyDescription(
            "Default (the seed's twelve TLS cipher suites) or Hardened (ECDHE with AES-GCM only).")
        GatewayPolicies.TlsPolicy tlsPolicy,
    @JsonPropertyDescription(
            "A server certificate of yours. Default: issued and renewed by the operator.")
        GatewayPolicies.ServerCertificate serverCertificate,
    @JsonPropertyDescription(
            "The Secret with the tls-auth key in its entry tls-auth.key: adopted where it exists, else made. Default:"
                + " <name>-tls-auth.")
        References.ObjectRef tlsAuthSecretRef,
    @JsonPropertyDescription(
            "Observe (default: throughput over the SKU's figure is measured and told) or Shape.")
        GatewayPolicies.ThroughputPolicy throughputPolicy,
    @JsonPropertyDescription("People who get addresses and reach of their own.") @Size(max = 90)
        List<PolicyGroupSpec> policyGroups,
    @JsonPropertyDescription(
            "Whose ClientProfiles may name the gateway. Default: those of its own namespace.")
        GatewayPolicies.AllowedProfiles allowedProfiles,
    @JsonPropertyDescription("What ClientProfiles are that do not say.")
        GatewayPolicies.ProfileDefaults clientProfileDefaults,
    @JsonPropertyDescription("How long a session may last. Default: without end.")
        GatewayPolicies.Sessions sessions,
    @JsonPropertyDescription(
            "MTU of the tunnel in bytes, 1280 to 1500. Default: 1400; with SSTP 1370.")
        @Min(1280)
        @Max(1500)
        Integer mtu,
    @JsonPropertyDescription("Whether clients may reach one another. Default: false.")
        Boolean clientToClient,
    @JsonPropertyDescription(
            "How pods come to what an update of the operator brings. OnDelete (default): when"
                + " somebody deletes them. Rolling: one after another, with one pod more meanwhile"
                + " that takes their clients.")
        GatewayPolicies.PodUpdates podUpdates) {

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
          Integer nodePort,
      @JsonPropertyDescription(
              "How clients spread over several replicas. Connection (default): one address, and each"
                  + " connection may reach any replica. SourceAddress: one address of a load balancer"
                  + " that sends all that comes from a client's address to one node; one replica a"
                  + " node. PerReplica: a Service and an address for each replica, all named by"
                  + " fqdn. IKEv2 with several replicas needs one of the last two.")
          Balancing balancing) {
    /** Where clients' connections arrive. */
    public enum Type {
      LoadBalancer,
      HostPort,
      NodePort,
      ClusterIP
    }

    /** What brings a client to one of several replicas. */
    public enum Balancing {
      Connection,
      SourceAddress,
      PerReplica
    }
  }

  /** Knobs of the OpenVPN servers. */
  public record OpenVpn(
      @JsonPropertyDescription("openvpn processes in a pod. Default: one a core.") @Min(1) @Max(64)
          Integer processes) {}
}

package dev.p2s.reference;

import dev.p2s.catalog.ClientSoftware;
import dev.p2s.catalog.EntraAudience;
import dev.p2s.catalog.GatewaySku;
import dev.p2s.catalog.IkePolicy;
import dev.p2s.catalog.IpsecPolicy;
import dev.p2s.catalog.MinimumVersion;
import dev.p2s.catalog.TlsCipherSuite;
import dev.p2s.catalog.TunnelAuthentication;
import dev.p2s.gateway.NotServedYet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The reference under docs/reference: every field of the CRDs and every table of the catalogue. */
final class Reference {

  private static final String MADE = "<!-- Written by `make docs`; edit the sources instead. -->\n";

  private Reference() {}

  /** Writes the pages into a folder. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Files.createDirectories(folder);
    for (Map.Entry<String, String> page : pages().entrySet()) {
      Files.writeString(folder.resolve(page.getKey()), page.getValue());
    }
  }

  /** The pages by file name. */
  static Map<String, String> pages() throws IOException {
    Map<String, String> pages = new TreeMap<>();
    for (String kind : List.of("p2sgateways", "rootcertificates", "clientprofiles")) {
      pages.put(kind + ".md", MADE + CrdPage.of(Path.of("crds", kind + ".yaml")));
    }
    pages.put("tables.md", MADE + tables());
    return pages;
  }

  private static String tables() {
    return String.join(
        "\n",
        "# The seed's tables\n\nValidation, rendering and these pages read the same rows"
            + " (`src/main/resources/catalog`).\n",
        "## Gateway SKUs\n\n"
            + "Site-to-site tunnels, BGP and virtual machines are Azure's figures; this gateway"
            + " does not use them.\n\n"
            + table(
                "Generation | SKU | S2S tunnels | SSTP connections | IKEv2/OpenVPN connections |"
                    + " Mbit/s | BGP | Zone-redundant | VMs",
                GatewaySku.all().stream()
                    .map(
                        s ->
                            cells(
                                s.generation(),
                                s.name(),
                                s.maxSiteToSiteTunnels(),
                                s.maxSstpConnections(),
                                s.maxConnections() == 0 ? "not supported" : s.maxConnections(),
                                s.aggregateThroughputMbps(),
                                yes(s.bgp()),
                                yes(s.zoneRedundant()),
                                s.maxVirtualMachines()))),
        "## Tunnel types and authentication types\n\nEvery other combination is refused; OIDC may"
            + " stand in EntraID's place.\n\n"
            + table(
                "Tunnel types | Authentication types",
                TunnelAuthentication.all().stream()
                    .map(row -> cells(named(row.tunnels()), named(row.authentications())))),
        "## Entra ID audiences\n\nAn audience of one's own works with "
            + named(EntraAudience.clientsOf("api://own"))
            + ".\n\n"
            + table(
                "Registration | Cloud | Audience | Azure VPN Client for | Issuer (v1)",
                EntraAudience.all().stream()
                    .map(
                        row ->
                            cells(
                                row.registration(),
                                row.cloud(),
                                "`" + row.audience() + "`",
                                named(row.clients()),
                                "`" + row.issuerPattern() + "`"))),
        "## IKE policies\n\n"
            + table(
                "Cipher | Integrity | PRF | DH group",
                IkePolicy.all().stream()
                    .map(row -> cells(row.cipher(), row.integrity(), row.prf(), row.dhGroup()))),
        "## IPsec policies\n\n"
            + table(
                "Cipher | Integrity | PFS group",
                IpsecPolicy.all().stream()
                    .map(row -> cells(row.cipher(), row.integrity(), row.pfsGroup()))),
        "## TLS cipher suites\n\n"
            + table(
                "Suite | `tlsPolicy: Hardened`",
                TlsCipherSuite.all().stream()
                    .map(
                        suite ->
                            cells(suite.name(), yes(TlsCipherSuite.hardened().contains(suite))))),
        "## Clients\n\n"
            + table(
                "Authentication | Tunnel types | Platforms | Client | In the seed's table",
                ClientSoftware.all().stream()
                    .map(
                        row ->
                            cells(
                                row.authentication(),
                                named(row.tunnels()),
                                named(row.platforms()),
                                row.name(),
                                yes(ClientSoftware.ofTheSeed().contains(row))))),
        "## Earliest releases\n\n"
            + table(
                "Tunnel type | Client | From",
                MinimumVersion.all().stream()
                    .map(row -> cells(row.tunnel(), row.client(), row.release()))),
        "## Not served yet\n\nValues of these fields beyond the default are refused with the reason"
            + " `NotImplemented`:\n\n"
            + NotServedYet.fields().stream()
                .map(field -> "- `" + field + "`\n")
                .collect(Collectors.joining()));
  }

  static String table(String header, Stream<String> rows) {
    String rule = header.replaceAll("[^|]+", " --- ");
    return "| "
        + header
        + " |\n|"
        + rule
        + "|\n"
        + rows.map(row -> row + "\n").collect(Collectors.joining());
  }

  static String cells(Object... values) {
    return Stream.of(values)
        .map(value -> value.toString().replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }

  private static String named(Collection<? extends Enum<?>> values) {
    return values.stream().map(Enum::name).sorted().collect(Collectors.joining(", "));
  }

  private static String yes(boolean value) {
    return value ? "yes" : "no";
  }
}

package dev.p2s.clientprofile.formats;

import dev.p2s.addressing.Cidr;
import dev.p2s.pki.Thumbprint;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * {@code AzureVPN/azurevpnconfig.xml} for the Azure VPN Client, with certificates or with Entra ID.
 * The client reads it with a data contract serializer, which wants the elements of each level in
 * alphabetical order.
 */
final class AzureVpnProfile {

  static final String PATH = "AzureVPN/azurevpnconfig.xml";

  // the Linux client makes an interface of the name
  private static final int NAME_LIMIT = 15;

  private AzureVpnProfile() {}

  static String render(PackageInput input) {
    XmlText xml = new XmlText();
    xml.open(
        "AzVpnProfile",
        "xmlns",
        "http://schemas.datacontract.org/2004/07/",
        "xmlns:i",
        "http://www.w3.org/2001/XMLSchema-instance");
    xml.open(
            "any",
            "xmlns:d2p1",
            "http://schemas.datacontract.org/2004/07/System.Xml",
            "i:nil",
            "true")
        .close();
    clientAuthentication(xml, input);
    clientConfiguration(xml, input);
    xml.element("name", shortened(input.gateway()));
    xml.open("protocolconfig")
        .open("sslprotocolConfig")
        .element("transportprotocol", "tcp")
        .close()
        .close();
    xml.open("serverlist")
        .open("ServerEntry")
        .nil("displayname")
        .element("fqdn", input.server().address())
        .close()
        .close();
    xml.open("servervalidation")
        .open("Cert")
        .element("hash", Thumbprint.sha1(input.server().authority()).hex().toUpperCase(Locale.ROOT))
        .nil("issuer")
        .close()
        .element("serversecret", input.openVpn().orElseThrow().tlsAuthKey().hex())
        .element("type", "cert")
        .close();
    xml.element("version", input.network().addressedRoutes().isEmpty() ? "1" : "2");
    return xml.close().finish();
  }

  private static void clientAuthentication(XmlText xml, PackageInput input) {
    if (input.login().entra().isPresent()) {
      PackageLogin.EntraSignIn entra = input.login().entra().orElseThrow();
      xml.open("clientauth")
          .open("aad")
          .element("audience", entra.audience())
          .element("cachesigninuser", "true")
          .element("enablegrouptoken", "false")
          .element("issuer", entra.issuer())
          .element("tenant", entra.tenant())
          .close();
      xml.nil("cert").element("type", "aad").nil("usernamepass").close();
      return;
    }
    xml.open("clientauth").nil("aad").open("cert").nil("hash");
    if (input.login().root().isPresent()) {
      xml.element("issuer", Thumbprint.sha1(input.login().root().orElseThrow()).hex());
    } else {
      xml.nil("issuer");
    }
    xml.close().element("type", "cert").nil("usernamepass").close();
  }

  private static void clientConfiguration(XmlText xml, PackageInput input) {
    if (input.network().dnsServers().isEmpty()
        && input.network().dnsSuffixes().isEmpty()
        && input.network().addressedRoutes().isEmpty()) {
      xml.nil("clientconfig");
      return;
    }
    xml.open("clientconfig");
    if (!input.network().dnsServers().isEmpty()) {
      xml.open("dnsservers");
      input.network().dnsServers().forEach(server -> xml.element("dnsserver", server));
      xml.close();
    }
    if (!input.network().dnsSuffixes().isEmpty()) {
      xml.open("dnssuffixes");
      input.network().dnsSuffixes().forEach(suffix -> xml.element("dnssuffix", "." + suffix));
      xml.close();
    }
    if (!input.network().addressedRoutes().isEmpty()) {
      xml.open("includeroutes");
      input.network().addressedRoutes().stream()
          .flatMap(AzureVpnProfile::halves)
          .forEach(
              route ->
                  xml.open("route")
                      .element("destination", Cidr.text(route.network()))
                      .element("mask", String.valueOf(route.prefix()))
                      .close());
      xml.close();
    }
    xml.close();
  }

  // the client takes a default route in two halves only
  private static Stream<Cidr> halves(Cidr route) {
    if (route.prefix() > 0) {
      return Stream.of(route);
    }
    return route.isIpv4()
        ? Stream.of(Cidr.parse("0.0.0.0/1"), Cidr.parse("128.0.0.0/1"))
        : Stream.of(Cidr.parse("::/1"), Cidr.parse("8000::/1"));
  }

  private static String shortened(String name) {
    return name.length() <= NAME_LIMIT ? name : name.substring(0, NAME_LIMIT);
  }
}

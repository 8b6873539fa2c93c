package dev.p2s.clientprofile.formats;

import dev.p2s.addressing.Cidr;
import java.util.stream.Collectors;

/**
 * The part of {@code WindowsPowershell/VpnProfileSetup.ps1} that adds the connection over SSTP. A
 * certificate is the person's and lies in their own store: PPP knows no certificate of a machine.
 * Beside IKEv2 it is a connection of its own, so that either can be chosen.
 */
final class WindowsSstpProfile {

  private static final int IMPLIED_PORT = 443;

  private static final String OWN_CERTIFICATE =
      """
      $p12 = Join-Path $package 'Generic/client.p12'
      if (Test-Path $p12) {
        if (-not $password) { $password = Read-Host -AsSecureString -Prompt 'Password of your certificate' }
        Import-PfxCertificate -FilePath $p12 -CertStoreLocation Cert:\\CurrentUser\\My -Password $password | Out-Null
      }
      $eap = [xml]@'
      %s'@
      """;

  private WindowsSstpProfile() {}

  /** Where the connection lies for device management. */
  static String xmlPath(PackageInput input) {
    return input.ikev2().isPresent() ? "Windows/ProfileXML-SSTP.xml" : "Windows/ProfileXML.xml";
  }

  /** What Windows dials; its SSTP takes a port after the name. */
  static String server(PackageInput input) {
    String address =
        input.server().address().indexOf(':') < 0
            ? input.server().address()
            : "[" + input.server().address() + "]";
    return input.server().port() == IMPLIED_PORT ? address : address + ":" + input.server().port();
  }

  static String render(PackageInput input) {
    return """
    # Run as administrator, where this file lies, by whoever will connect: adds the VPN connection %1$s (SSTP).
    # %4$s
    # Windows asks for a revocation list of the gateway's certificate and refuses a gateway whose issuer has none
    # (0x80092013). Add -NoRevocationCheck to stop that, for all SSTP connections of this machine.
    $ErrorActionPreference = 'Stop'
    $name = %1$s
    $package = Split-Path -Parent $PSScriptRoot
    $routes = @(%3$s)

    Import-Certificate -FilePath (Join-Path $package 'Generic/VpnServerRoot.cer_0') `
      -CertStoreLocation Cert:\\LocalMachine\\Root | Out-Null
    %5$s
    if (Get-VpnConnection -AllUserConnection -Name $name -ErrorAction SilentlyContinue) {
      Remove-VpnConnection -AllUserConnection -Name $name -Force
    }
    Add-VpnConnection -AllUserConnection -Name $name -ServerAddress %2$s -TunnelType Sstp `
      %6$s -EncryptionLevel Optional%7$s -PassThru
    foreach ($route in $routes) {
      Add-VpnConnectionRoute -AllUserConnection -ConnectionName $name -DestinationPrefix $route
    }
    if ($args -contains '-NoRevocationCheck') {
      New-ItemProperty -Path HKLM:\\SYSTEM\\CurrentControlSet\\Services\\SstpSvc\\Parameters `
        -Name NoCertRevocationCheck -PropertyType DWord -Value 1 -Force | Out-Null
    }
    """
        .formatted(
            WindowsProfile.quoted(input.gateway() + (input.ikev2().isPresent() ? " SSTP" : "")),
            WindowsProfile.quoted(server(input)),
            // without split tunneling everything goes through; PPP carries no IPv6
            input.network().routes().stream()
                .filter(route -> route.isIpv4() && !input.network().everything())
                .map(Cidr::toString)
                .map(WindowsProfile::quoted)
                .collect(Collectors.joining(", ")),
            input.login().byCertificate()
                ? "Where the package holds your certificate you are asked for its password."
                : "Windows asks for your user name and password when you connect.",
            input.login().byCertificate() ? OWN_CERTIFICATE.formatted(eap(input)) : "",
            input.login().byCertificate()
                ? "-AuthenticationMethod Eap -EapConfigXmlStream $eap"
                : "-AuthenticationMethod MSChapv2",
            input.network().everything() ? "" : " -SplitTunneling");
  }

  private static String eap(PackageInput input) {
    XmlText xml = new XmlText();
    EapHostConfig.tls(xml, input);
    return xml.finish();
  }
}

package dev.p2s.clientprofile.formats;

import dev.p2s.addressing.Cidr;
import java.util.stream.Collectors;

/**
 * {@code WindowsPowershell/VpnProfileSetup.ps1}: adds the connection for all users of a Windows
 * machine, which authenticates with a certificate of the machine's store, or asks for a name and a
 * password (EAP-MSCHAPv2). What stands in it is typed, and quoted by single quotes, within which
 * PowerShell reads no expression.
 */
final class WindowsProfile {

  static final String PATH = "WindowsPowershell/VpnProfileSetup.ps1";

  private static final String OWN_CERTIFICATE =
      """
      $p12 = Join-Path $package 'Generic/client.p12'
      if (Test-Path $p12) {
        $password = Read-Host -AsSecureString -Prompt 'Password of your certificate'
        Import-PfxCertificate -FilePath $p12 -CertStoreLocation Cert:\\LocalMachine\\My -Password $password | Out-Null
      }
      """;

  private WindowsProfile() {}

  static String render(PackageInput input) {
    return """
    # Run as administrator, where this file lies: adds the VPN connection %1$s for all users.
    # %4$s
    $ErrorActionPreference = 'Stop'
    $name = %1$s
    $package = Split-Path -Parent $PSScriptRoot
    $routes = @(%3$s)

    Import-Certificate -FilePath (Join-Path $package 'Generic/VpnServerRoot.cer_0') `
      -CertStoreLocation Cert:\\LocalMachine\\Root | Out-Null
    %5$s%9$s
    if (Get-VpnConnection -AllUserConnection -Name $name -ErrorAction SilentlyContinue) {
      Remove-VpnConnection -AllUserConnection -Name $name -Force
    }
    Add-VpnConnection -AllUserConnection -Name $name -ServerAddress %2$s -TunnelType Ikev2 `
      %6$s -EncryptionLevel Required%8$s -PassThru
    Set-VpnConnectionIPsecConfiguration -AllUserConnection -ConnectionName $name `
      %7$s -Force
    foreach ($route in $routes) {
      Add-VpnConnectionRoute -AllUserConnection -ConnectionName $name -DestinationPrefix $route
    }
    """
        .formatted(
            quoted(input.gateway()),
            quoted(input.server().address()),
            // without split tunneling everything goes through, and no route is needed
            input.network().routes().stream()
                .filter(route -> !input.network().everything())
                .map(Cidr::toString)
                .map(WindowsProfile::quoted)
                .collect(Collectors.joining(", ")),
            hint(input),
            input.login().byCertificate() ? OWN_CERTIFICATE : "",
            authentication(input),
            WindowsSuite.of(input.ikev2().orElseThrow()).entrySet().stream()
                .map(word -> "-" + word.getKey() + " " + word.getValue())
                .collect(Collectors.joining(" ")),
            input.network().everything() ? "" : " -SplitTunneling",
            input.login().radius().map(WindowsProfile::servers).orElse(""));
  }

  private static String hint(PackageInput input) {
    if (input.login().byCertificate()) {
      return "Where the package holds your certificate you are asked for its password.";
    }
    return input.login().byRadiusCertificate()
        ? "Windows takes your certificate from your own store when you connect."
        : "Windows asks for your user name and password when you connect.";
  }

  private static String authentication(PackageInput input) {
    if (input.login().byCertificate()) {
      return "-AuthenticationMethod MachineCertificate";
    }
    return "-AuthenticationMethod Eap -EapConfigXmlStream "
        + (input.login().byRadiusCertificate()
            ? "$eap"
            : "(New-EapConfiguration).EapConfigXmlStream");
  }

  /** The RADIUS servers' roots, and how a certificate is shown to the servers. */
  private static String servers(RadiusLogin radius) {
    StringBuilder lines = new StringBuilder();
    for (String path : radius.paths()) {
      lines.append(
          """
          Import-Certificate -FilePath (Join-Path $package %s) `
            -CertStoreLocation Cert:\\LocalMachine\\Root | Out-Null
          """
              .formatted(quoted(path)));
    }
    if (radius.byCertificate()) {
      XmlText eap = new XmlText();
      EapHostConfig.tls(eap, radius.serverRoots());
      lines.append("$eap = [xml]@'\n").append(eap.finish()).append("'@\n");
    }
    return lines.toString();
  }

  /** Within it PowerShell reads no expression. */
  static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}

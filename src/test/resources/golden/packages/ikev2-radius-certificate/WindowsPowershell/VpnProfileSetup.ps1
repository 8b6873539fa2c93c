# Run as administrator, where this file lies: adds the VPN connection 'office' for all users.
# Windows takes your certificate from your own store when you connect.
$ErrorActionPreference = 'Stop'
$name = 'office'
$package = Split-Path -Parent $PSScriptRoot
$routes = @('10.96.0.0/12', '10.244.0.0/16')

Import-Certificate -FilePath (Join-Path $package 'Generic/VpnServerRoot.cer_0') `
  -CertStoreLocation Cert:\LocalMachine\Root | Out-Null
Import-Certificate -FilePath (Join-Path $package 'Generic/RadiusServerRoot.cer') `
  -CertStoreLocation Cert:\LocalMachine\Root | Out-Null
Import-Certificate -FilePath (Join-Path $package 'Generic/RadiusServerRoot.cer_1') `
  -CertStoreLocation Cert:\LocalMachine\Root | Out-Null
$eap = [xml]@'
<EapHostConfig xmlns="http://www.microsoft.com/provisioning/EapHostConfig">
  <EapMethod>
    <Type xmlns="http://www.microsoft.com/provisioning/EapCommon">13</Type>
    <VendorId xmlns="http://www.microsoft.com/provisioning/EapCommon">0</VendorId>
    <VendorType xmlns="http://www.microsoft.com/provisioning/EapCommon">0</VendorType>
    <AuthorId xmlns="http://www.microsoft.com/provisioning/EapCommon">0</AuthorId>
  </EapMethod>
  <Config xmlns="http://www.microsoft.com/provisioning/EapHostConfig">
    <Eap xmlns="http://www.microsoft.com/provisioning/BaseEapConnectionPropertiesV1">
      <Type>13</Type>
      <EapType xmlns="http://www.microsoft.com/provisioning/EapTlsConnectionPropertiesV1">
        <CredentialsSource>
          <CertificateStore>
            <SimpleCertSelection>true</SimpleCertSelection>
          </CertificateStore>
        </CredentialsSource>
        <ServerValidation>
          <DisableUserPromptForServerValidation>true</DisableUserPromptForServerValidation>
          <ServerNames></ServerNames>
          <TrustedRootCA>ab 22 c0 7b 70 0e c0 46 73 5c f7 74 42 a4 89 fe 07 90 5d 52 </TrustedRootCA>
          <TrustedRootCA>ab 22 c0 7b 70 0e c0 46 73 5c f7 74 42 a4 89 fe 07 90 5d 52 </TrustedRootCA>
        </ServerValidation>
        <DifferentUsername>false</DifferentUsername>
        <PerformServerValidation xmlns="http://www.microsoft.com/provisioning/EapTlsConnectionPropertiesV2">true</PerformServerValidation>
        <AcceptServerName xmlns="http://www.microsoft.com/provisioning/EapTlsConnectionPropertiesV2">false</AcceptServerName>
      </EapType>
    </Eap>
  </Config>
</EapHostConfig>
'@

if (Get-VpnConnection -AllUserConnection -Name $name -ErrorAction SilentlyContinue) {
  Remove-VpnConnection -AllUserConnection -Name $name -Force
}
Add-VpnConnection -AllUserConnection -Name $name -ServerAddress 'vpn.corp.example' -TunnelType Ikev2 `
  -AuthenticationMethod Eap -EapConfigXmlStream $eap -EncryptionLevel Required -SplitTunneling -PassThru
Set-VpnConnectionIPsecConfiguration -AllUserConnection -ConnectionName $name `
  -AuthenticationTransformConstants SHA256128 -CipherTransformConstants AES256 -EncryptionMethod AES256 -IntegrityCheckMethod SHA256 -DHGroup Group14 -PfsGroup None -Force
foreach ($route in $routes) {
  Add-VpnConnectionRoute -AllUserConnection -ConnectionName $name -DestinationPrefix $route
}

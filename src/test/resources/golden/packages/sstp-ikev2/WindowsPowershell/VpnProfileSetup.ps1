# Run as administrator, where this file lies: adds the VPN connection 'office' for all users.
# Where the package holds your certificate you are asked for its password.
$ErrorActionPreference = 'Stop'
$name = 'office'
$package = Split-Path -Parent $PSScriptRoot
$routes = @('10.96.0.0/12', '10.244.0.0/16')

Import-Certificate -FilePath (Join-Path $package 'Generic/VpnServerRoot.cer_0') `
  -CertStoreLocation Cert:\LocalMachine\Root | Out-Null
$p12 = Join-Path $package 'Generic/client.p12'
if (Test-Path $p12) {
  $password = Read-Host -AsSecureString -Prompt 'Password of your certificate'
  Import-PfxCertificate -FilePath $p12 -CertStoreLocation Cert:\LocalMachine\My -Password $password | Out-Null
}

if (Get-VpnConnection -AllUserConnection -Name $name -ErrorAction SilentlyContinue) {
  Remove-VpnConnection -AllUserConnection -Name $name -Force
}
Add-VpnConnection -AllUserConnection -Name $name -ServerAddress 'vpn.corp.example' -TunnelType Ikev2 `
  -AuthenticationMethod MachineCertificate -EncryptionLevel Required -SplitTunneling -PassThru
Set-VpnConnectionIPsecConfiguration -AllUserConnection -ConnectionName $name `
  -AuthenticationTransformConstants SHA256128 -CipherTransformConstants AES256 -EncryptionMethod AES256 -IntegrityCheckMethod SHA256 -DHGroup Group14 -PfsGroup None -Force
foreach ($route in $routes) {
  Add-VpnConnectionRoute -AllUserConnection -ConnectionName $name -DestinationPrefix $route
}
# Run as administrator, where this file lies, by whoever will connect: adds the VPN connection 'office SSTP' (SSTP).
# Where the package holds your certificate you are asked for its password.
# Windows asks for a revocation list of the gateway's certificate and refuses a gateway whose issuer has none
# (0x80092013). Add -NoRevocationCheck to stop that, for all SSTP connections of this machine.
$ErrorActionPreference = 'Stop'
$name = 'office SSTP'
$package = Split-Path -Parent $PSScriptRoot
$routes = @('10.96.0.0/12', '10.244.0.0/16')

Import-Certificate -FilePath (Join-Path $package 'Generic/VpnServerRoot.cer_0') `
  -CertStoreLocation Cert:\LocalMachine\Root | Out-Null
$p12 = Join-Path $package 'Generic/client.p12'
if (Test-Path $p12) {
  if (-not $password) { $password = Read-Host -AsSecureString -Prompt 'Password of your certificate' }
  Import-PfxCertificate -FilePath $p12 -CertStoreLocation Cert:\CurrentUser\My -Password $password | Out-Null
}
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
          <ServerNames>office.vpn.p2s</ServerNames>
          <TrustedRootCA>ab 22 c0 7b 70 0e c0 46 73 5c f7 74 42 a4 89 fe 07 90 5d 52 </TrustedRootCA>
        </ServerValidation>
        <DifferentUsername>false</DifferentUsername>
        <PerformServerValidation xmlns="http://www.microsoft.com/provisioning/EapTlsConnectionPropertiesV2">true</PerformServerValidation>
        <AcceptServerName xmlns="http://www.microsoft.com/provisioning/EapTlsConnectionPropertiesV2">true</AcceptServerName>
      </EapType>
    </Eap>
  </Config>
</EapHostConfig>
'@

if (Get-VpnConnection -AllUserConnection -Name $name -ErrorAction SilentlyContinue) {
  Remove-VpnConnection -AllUserConnection -Name $name -Force
}
Add-VpnConnection -AllUserConnection -Name $name -ServerAddress 'vpn.corp.example' -TunnelType Sstp `
  -AuthenticationMethod Eap -EapConfigXmlStream $eap -EncryptionLevel Optional -SplitTunneling -PassThru
foreach ($route in $routes) {
  Add-VpnConnectionRoute -AllUserConnection -ConnectionName $name -DestinationPrefix $route
}
if ($args -contains '-NoRevocationCheck') {
  New-ItemProperty -Path HKLM:\SYSTEM\CurrentControlSet\Services\SstpSvc\Parameters `
    -Name NoCertRevocationCheck -PropertyType DWord -Value 1 -Force | Out-Null
}

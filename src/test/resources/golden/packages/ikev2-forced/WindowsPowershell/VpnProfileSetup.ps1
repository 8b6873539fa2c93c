# Run as administrator, where this file lies: adds the VPN connection 'office' for all users.
# Windows asks for your user name and password when you connect.
$ErrorActionPreference = 'Stop'
$name = 'office'
$package = Split-Path -Parent $PSScriptRoot
$routes = @()

Import-Certificate -FilePath (Join-Path $package 'Generic/VpnServerRoot.cer_0') `
  -CertStoreLocation Cert:\LocalMachine\Root | Out-Null

if (Get-VpnConnection -AllUserConnection -Name $name -ErrorAction SilentlyContinue) {
  Remove-VpnConnection -AllUserConnection -Name $name -Force
}
Add-VpnConnection -AllUserConnection -Name $name -ServerAddress 'vpn.corp.example' -TunnelType Ikev2 `
  -AuthenticationMethod Eap -EapConfigXmlStream (New-EapConfiguration).EapConfigXmlStream -EncryptionLevel Required -PassThru
Set-VpnConnectionIPsecConfiguration -AllUserConnection -ConnectionName $name `
  -AuthenticationTransformConstants SHA256128 -CipherTransformConstants AES256 -EncryptionMethod AES256 -IntegrityCheckMethod SHA256 -DHGroup Group14 -PfsGroup None -Force
foreach ($route in $routes) {
  Add-VpnConnectionRoute -AllUserConnection -ConnectionName $name -DestinationPrefix $route
}

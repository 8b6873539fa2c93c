# Run as administrator, where this file lies, by whoever will connect: adds the VPN connection 'office' (SSTP).
# Windows asks for your user name and password when you connect.
# Windows asks for a revocation list of the gateway's certificate and refuses a gateway whose issuer has none
# (0x80092013). Add -NoRevocationCheck to stop that, for all SSTP connections of this machine.
$ErrorActionPreference = 'Stop'
$name = 'office'
$package = Split-Path -Parent $PSScriptRoot
$routes = @('10.96.0.0/12', '10.244.0.0/16')

Import-Certificate -FilePath (Join-Path $package 'Generic/VpnServerRoot.cer_0') `
  -CertStoreLocation Cert:\LocalMachine\Root | Out-Null

if (Get-VpnConnection -AllUserConnection -Name $name -ErrorAction SilentlyContinue) {
  Remove-VpnConnection -AllUserConnection -Name $name -Force
}
Add-VpnConnection -AllUserConnection -Name $name -ServerAddress 'vpn.corp.example' -TunnelType Sstp `
  -AuthenticationMethod MSChapv2 -EncryptionLevel Optional -SplitTunneling -PassThru
foreach ($route in $routes) {
  Add-VpnConnectionRoute -AllUserConnection -ConnectionName $name -DestinationPrefix $route
}
if ($args -contains '-NoRevocationCheck') {
  New-ItemProperty -Path HKLM:\SYSTEM\CurrentControlSet\Services\SstpSvc\Parameters `
    -Name NoCertRevocationCheck -PropertyType DWord -Value 1 -Force | Out-Null
}

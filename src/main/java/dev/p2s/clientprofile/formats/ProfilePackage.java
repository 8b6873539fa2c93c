package dev.p2s.clientprofile.formats;

import dev.p2s.api.v1alpha1.ClientPlatform;
import dev.p2s.catalog.EntraAudience;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A profile package: the files of Azure's zip in Azure's order, and the zip itself. The same input
 * gives the same bytes. Files whose format has no place for a port are left out where clients dial
 * another than 443.
 */
public final class ProfilePackage {

  /** The issued certificate with its key; there where clients need it in this form. */
  public static final String PKCS12 = "Generic/client.p12";

  /** The issued certificate alone, where only the person has its key. */
  static final String CERTIFICATE = "Generic/client.crt";

  // the first instant that a zip can tell
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private static final int IMPLIED_PORT = 443;

  private final SequencedMap<String, byte[]> files = new LinkedHashMap<>();
  private final Set<ClientPlatform> clients;
  private final Set<ClientPlatform> azureClients;
  private final List<String> leftOut = new ArrayList<>();

  private ProfilePackage(PackageInput input, Set<ClientPlatform> clients) {
    this.clients = clients;
    this.azureClients =
        input
            .login()
            .entra()
            .map(entra -> EntraAudience.clientsOf(entra.audience()))
            .orElse(EnumSet.of(ClientPlatform.Windows, ClientPlatform.Linux));
    if (input.openVpn().isPresent() || input.sstp()) {
      withoutPort("Generic/VpnSettings.xml", input, VpnSettings::render);
    } else {
      put("Generic/VpnSettings.xml", VpnSettings.render(input));
    }
    try {
      files.put("Generic/VpnServerRoot.cer_0", input.server().authority().getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
    input.login().radius().ifPresent(radius -> files.putAll(radius.files()));
    input
        .login()
        .certificate()
        .filter(pair -> !pair.holdsKey())
        .ifPresent(pair -> put(CERTIFICATE, pair.certificatePem()));
    if (input.openVpn().isPresent()) {
      put("OpenVPN/vpnconfig.ovpn", OpenVpnProfile.render(input));
      // the Azure VPN Client knows certificates and Entra ID
      if (input.login().byCertificate() || input.login().entra().isPresent()) {
        withoutPort(AzureVpnProfile.PATH, input, AzureVpnProfile::render);
      }
    }
    if (input.ikev2().isPresent() || input.sstp()) {
      input.login().keyPair().ifPresent(pair -> files.put(PKCS12, ClientPkcs12.of(pair)));
      put(WindowsProfile.PATH, windows(input));
    }
    if (input.ikev2().isPresent()) {
      put("Windows/ProfileXML.xml", WindowsProfileXml.render(input));
      AppleProfile.render(input).ifPresent(profile -> put(AppleProfile.PATH, profile));
      if (!input.login().byRadiusCertificate()) {
        // their formats know one authority, and that is the gateway's
        put(AndroidProfile.PATH, AndroidProfile.render(input));
        put(NetworkManagerProfile.path(input), NetworkManagerProfile.render(input));
      }
      StrongSwanProfile.files(input).forEach(this::put);
    }
    if (input.sstp()) {
      put(WindowsSstpProfile.xmlPath(input), WindowsProfileXml.sstp(input));
      put(NetworkManagerSstpProfile.path(input), NetworkManagerSstpProfile.render(input));
      PppdProfile.files(input).forEach(this::put);
    }
    put("README.txt", PackageReadme.render(input, leftOut.isEmpty(), files.keySet()));
  }

  /** A package for everybody's platform. */
  public static ProfilePackage render(PackageInput input) {
    return render(input, EnumSet.allOf(ClientPlatform.class));
  }

  /** A package without what is for other platforms' clients alone. */
  public static ProfilePackage render(PackageInput input, Set<ClientPlatform> clients) {
    return new ProfilePackage(input, clients);
  }

  /** Contents by path, in order. */
  public SequencedMap<String, byte[]> files() {
    return Collections.unmodifiableSequencedMap(files);
  }

  /** Paths that are missing, since their formats cannot name the port that clients dial. */
  public List<String> leftOut() {
    return List.copyOf(leftOut);
  }

  /** The files as they are, not compressed: the bytes depend on no version of a library. */
  public byte[] zip() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (var file : files.entrySet()) {
        ZipEntry entry = new ZipEntry(file.getKey());
        CRC32 sum = new CRC32();
        sum.update(file.getValue());
        entry.setTimeLocal(TIME);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(file.getValue().length);
        entry.setCrc(sum.getValue());
        zip.putNextEntry(entry);
        zip.write(file.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static String windows(PackageInput input) {
    return (input.ikev2().isPresent() ? WindowsProfile.render(input) : "")
        + (input.sstp() ? WindowsSstpProfile.render(input) : "");
  }

  private void withoutPort(String path, PackageInput input, Function<PackageInput, String> format) {
    if (!isWanted(path)) {
      return;
    }
    if (input.server().port() == IMPLIED_PORT) {
      put(path, format.apply(input));
    } else {
      leftOut.add(path);
    }
  }

  private void put(String path, String text) {
    if (isWanted(path)) {
      files.put(path, text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private boolean isWanted(String path) {
    return !Collections.disjoint(platforms(path.substring(0, path.indexOf('/') + 1)), clients);
  }

  /** Whom a folder of the package is for. */
  private Set<ClientPlatform> platforms(String folder) {
    return switch (folder) {
      case "WindowsPowershell/", "Windows/" -> EnumSet.of(ClientPlatform.Windows);
      case "Apple/" -> EnumSet.of(ClientPlatform.macOS, ClientPlatform.iOS);
      case "Android/" -> EnumSet.of(ClientPlatform.Android);
      case "NetworkManager/", "strongSwan/", PppdProfile.FOLDER -> EnumSet.of(ClientPlatform.Linux);
      case "AzureVPN/" -> azureClients;
      default -> EnumSet.allOf(ClientPlatform.class);
    };
  }
}

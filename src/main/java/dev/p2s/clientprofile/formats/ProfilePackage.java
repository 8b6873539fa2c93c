package dev.p2s.clientprofile.formats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A profile package: the files of Azure's zip in Azure's order, and the zip itself. The same input
 * gives the same bytes.
 */
public final class ProfilePackage {

  // the first instant that a zip can tell
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final SequencedMap<String, byte[]> files = new LinkedHashMap<>();

  private ProfilePackage(PackageInput input) {
    put("Generic/VpnSettings.xml", VpnSettings.render(input));
    try {
      files.put("Generic/VpnServerRoot.cer_0", input.serverAuthority().getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
    put("OpenVPN/vpnconfig.ovpn", OpenVpnProfile.render(input));
    put("AzureVPN/azurevpnconfig.xml", AzureVpnProfile.render(input));
    put("README.txt", PackageReadme.render(input));
  }

  public static ProfilePackage render(PackageInput input) {
    return new ProfilePackage(input);
  }

  /** Contents by path, in order. */
  public SequencedMap<String, byte[]> files() {
    return Collections.unmodifiableSequencedMap(files);
  }

  public byte[] zip() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (var file : files.entrySet()) {
        ZipEntry entry = new ZipEntry(file.getKey());
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
        zip.write(file.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void put(String path, String text) {
    files.put(path, text.getBytes(StandardCharsets.UTF_8));
  }
}

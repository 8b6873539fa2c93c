package dev.p2s.dataplane.openvpn;

import dev.p2s.dataplane.kernel.ProcessSlot;
import java.nio.file.Path;

/**
 * Where the files of one server set lie below the pod's run directory. A set's keys and roots are
 * shared by its processes; each process has a service directory, which the openvpn container's
 * supervisor follows.
 *
 * @param run the directory that the pod's containers share, {@code /run/p2s}
 * @param set the server set's id, lower-case hexadecimal digits
 */
public record ServerFiles(Path run, String set) {

  public ServerFiles {
    if (!run.toString().matches("/[A-Za-z0-9._/-]{1,80}")) {
      throw new IllegalArgumentException("the run directory is no plain absolute path");
    }
    if (!set.matches("[0-9a-f]{8,16}")) {
      throw new IllegalArgumentException("is no id of a server set");
    }
  }

  /** What the supervisor scans. */
  public static Path services(Path run) {
    return run.resolve("openvpn");
  }

  /** What the processes of a set share. */
  public Path shared() {
    return run.resolve("openvpn-sets").resolve(set);
  }

  /** The certificate with an RSA key. */
  public Path certificate() {
    return shared().resolve("server.crt");
  }

  public Path key() {
    return shared().resolve("server.key");
  }

  /** The certificate with an elliptic-curve key. */
  public Path secondCertificate() {
    return shared().resolve("server-ec.crt");
  }

  public Path secondKey() {
    return shared().resolve("server-ec.key");
  }

  public Path tlsAuth() {
    return shared().resolve("tls-auth.key");
  }

  /** The roots, one file each, named by OpenSSL's hash of their subject. */
  public Path roots() {
    return shared().resolve("roots");
  }

  public Path service(ProcessSlot slot) {
    return services(run).resolve(set + "-" + slot.number());
  }

  public Path configuration(ProcessSlot slot) {
    return service(slot).resolve("server.conf");
  }

  /** The TLS 1.2 suites, which are too long for a line of the configuration. */
  public Path tlsCiphers(ProcessSlot slot) {
    return service(slot).resolve("tls-cipher");
  }

  public Path management(ProcessSlot slot) {
    return service(slot).resolve("management.sock");
  }

  /** Where this file is, the supervisor does not start the process again. */
  public Path retired(ProcessSlot slot) {
    return service(slot).resolve("retired");
  }

  /** Written by the process's start script where the pod keeps it from starting. */
  public Path failure(ProcessSlot slot) {
    return service(slot).resolve("failure");
  }
}

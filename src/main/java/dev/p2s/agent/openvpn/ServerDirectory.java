package dev.p2s.agent.openvpn;

import dev.p2s.agent.AtomicFile;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.openvpn.ServerConfiguration;
import dev.p2s.dataplane.openvpn.ServerFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The files through which the agent tells the openvpn container's supervisor what shall run. A
 * service directory appears and goes whole, by a rename.
 */
public final class ServerDirectory {

  private static final Logger LOG = Logger.getLogger(ServerDirectory.class);

  private final Path run;
  private final Path scripts;

  /**
   * @param run the directory that the pod's containers share
   * @param scripts the openvpn image's start scripts; what runs is never written by the agent
   */
  public ServerDirectory(Path run, Path scripts) {
    this.run = run;
    this.scripts = scripts;
  }

  public ServerFiles files(ServerSet set) {
    return new ServerFiles(run, set.id());
  }

  /** Writes what the set's processes share and then the service directories that are missing. */
  public void write(ServerSet set, ServerInputs inputs) throws IOException {
    ServerFiles files = files(set);
    writeIfAbsent(files.certificate(), inputs.rsa().certificate());
    writeIfAbsent(files.key(), inputs.rsa().key());
    writeIfAbsent(files.secondCertificate(), inputs.ec().certificate());
    writeIfAbsent(files.secondKey(), inputs.ec().key());
    writeIfAbsent(files.tlsAuth(), inputs.tlsAuth());
    Files.createDirectories(files.roots());
    for (ProcessSlot slot : set.slots()) {
      Path service = files.service(slot);
      if (Files.exists(service)) {
        continue;
      }
      Path next = service.resolveSibling("." + service.getFileName());
      deleteTree(next);
      Files.createDirectories(next);
      Files.writeString(
          next.resolve(files.configuration(slot).getFileName()),
          ServerConfiguration.render(inputs.server(), files, slot));
      Files.writeString(
          next.resolve(files.tlsCiphers(slot).getFileName()),
          ServerConfiguration.tlsCipher(inputs.server()));
      Files.createSymbolicLink(next.resolve("run"), scripts.resolve("run"));
      Files.createSymbolicLink(next.resolve("finish"), scripts.resolve("finish"));
      Files.move(next, service);
    }
  }

  /**
   * Makes the anchors the set's roots. A process finds an added one at the next handshake; a
   * removed one it may still have in memory, so admission has the last word.
   *
   * @param hashes thumbprint → OpenSSL's hash of the subject
   */
  public void writeRoots(ServerSet set, List<Anchor> anchors, Map<String, String> hashes)
      throws IOException {
    Path directory = files(set).roots();
    Files.createDirectories(directory);
    Map<String, String> wanted = new TreeMap<>();
    for (Anchor anchor : anchors) {
      int number = 0;
      String hash = hashes.get(anchor.sha256());
      while (wanted.containsKey(hash + "." + number)) {
        number++;
      }
      wanted.put(hash + "." + number, anchor.pem());
    }
    for (Map.Entry<String, String> root : wanted.entrySet()) {
      Path file = directory.resolve(root.getKey());
      if (!Files.exists(file) || !Files.readString(file).equals(root.getValue())) {
        AtomicFile.write(file, root.getValue().getBytes(StandardCharsets.US_ASCII));
      }
    }
    Set<Path> surplus = new HashSet<>();
    try (Stream<Path> files = Files.list(directory)) {
      files.filter(f -> !wanted.containsKey(f.getFileName().toString())).forEach(surplus::add);
    }
    for (Path file : surplus) {
      Files.deleteIfExists(file);
    }
  }

  /** From now on the supervisor lets the set's processes end for good. */
  public void retire(ServerSet set) throws IOException {
    for (ProcessSlot slot : set.slots()) {
      if (Files.isDirectory(files(set).service(slot))) {
        Files.writeString(files(set).retired(slot), "");
      }
    }
  }

  /** Removes a set whose processes have ended. */
  public void remove(ServerSet set) throws IOException {
    for (ProcessSlot slot : set.slots()) {
      Path service = files(set).service(slot);
      Path gone = service.resolveSibling("." + service.getFileName());
      deleteTree(gone);
      if (Files.exists(service)) {
        Files.move(service, gone);
      }
    }
    forget();
    for (ProcessSlot slot : set.slots()) {
      Path service = files(set).service(slot);
      deleteTree(service.resolveSibling("." + service.getFileName()));
    }
    deleteTree(files(set).shared());
  }

  /** What keeps a process of the set from starting, as its start script wrote it; or empty. */
  public String failure(ServerSet set) {
    for (ProcessSlot slot : set.slots()) {
      try {
        String text = Files.readString(files(set).failure(slot)).strip();
        if (!text.isEmpty()) {
          return text;
        }
      } catch (IOException e) {
        // No such file: nothing keeps it.
      }
    }
    return "";
  }

  /** Tells the supervisor to look again and let go of services whose directory is gone. */
  private void forget() {
    Path control = ServerFiles.services(run).resolve(".s6-svscan").resolve("control");
    if (!Files.exists(control)) {
      return;
    }
    // Reading and writing at once: a pipe without a reader would block a writer for ever.
    try (RandomAccessFile pipe = new RandomAccessFile(control.toFile(), "rw")) {
      pipe.write("an".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      LOG.warnf("the openvpn supervisor takes no command: %s", e.getMessage());
    }
  }

  private static void writeIfAbsent(Path file, String content) throws IOException {
    if (!Files.exists(file)) {
      AtomicFile.write(file, content.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}

package dev.p2s.agent.pod;

import dev.p2s.cluster.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The strongSwan of the gateway's image, unpacked, for processes in network namespaces. */
final class StrongSwan {

  private static final String IMAGE =
      "p2s.dev/strongswan:" + System.getenv().getOrDefault("P2S_IMAGE_TAG", "dev");

  private final Path root;

  private StrongSwan(Path root) {
    this.root = root;
  }

  /** Builds the image where it is not there yet, and unpacks it. */
  static StrongSwan unpackedIn(Path directory) throws IOException {
    Duration patience = Duration.ofMinutes(10);
    Command.of("hack/base-image").run(patience).required();
    Command.of("hack/build-image", IMAGE, "images/strongswan").run(patience).required();
    Path root = Files.createDirectories(directory.resolve("strongswan"));
    Command.of(
            "sh",
            "-c",
            "id=$(docker create "
                + IMAGE
                + ") && docker export $id | tar -x -C "
                + root
                + "; docker rm $id > /dev/null")
        .run(patience)
        .required();
    return new StrongSwan(root);
  }

  /**
   * Runs a shell command in it.
   *
   * @param shared a directory that it sees as /run/p2s
   */
  Process start(Machine machine, String log, String namespace, Path shared, String command) {
    return machine.start(
        log,
        namespace,
        Map.of(),
        "unshare",
        "-m",
        "sh",
        "-c",
        """
        set -e
        root=%1$s
        mount -t tmpfs tmpfs $root/run
        mkdir $root/run/p2s
        mount --bind %2$s $root/run/p2s
        mount -t proc proc $root/proc
        mount -t tmpfs tmpfs $root/dev
        mkdir $root/dev/net
        mknod $root/dev/net/tun c 10 200
        chmod 666 $root/dev/net/tun
        for n in null urandom random; do touch $root/dev/$n; mount --bind /dev/$n $root/dev/$n; done
        exec chroot $root sh -c '%3$s'
        """
            .formatted(root, shared, command));
  }
}

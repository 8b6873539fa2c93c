package dev.p2s.netd;

import dev.p2s.dataplane.JsonLines;
import dev.p2s.dataplane.kernel.NetdReply;
import dev.p2s.dataplane.kernel.NetdWire;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;

/**
 * The unix socket that netd obeys. The kernel tells who is at the other end of a connection; only
 * the agent's user and root are heard.
 */
final class NetdServer {

  private final Path socket;
  private final CommandExecutor executor;
  private final NetdWire wire = new NetdWire();
  private final Set<UserPrincipal> allowed;

  NetdServer(Path socket, CommandExecutor executor) throws IOException {
    this.socket = socket;
    this.executor = executor;
    var users = FileSystems.getDefault().getUserPrincipalLookupService();
    this.allowed =
        Set.of(
            users.lookupPrincipalByName("0"),
            users.lookupPrincipalByName(Integer.toString(PodKernel.OPENVPN_UID)));
  }

  /** Listens until the process ends. */
  void serve() throws IOException {
    Files.createDirectories(socket.getParent());
    Files.deleteIfExists(socket);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      // Directory and socket carry the pod's fsGroup; SO_PEERCRED is what decides.
      Files.setPosixFilePermissions(
          socket.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
      System.err.println("netd: listening on " + socket);
      while (true) {
        SocketChannel peer = server.accept();
        Thread.ofPlatform().daemon().name("netd-peer").start(() -> converse(peer));
      }
    }
  }

  private void converse(SocketChannel peer) {
    try (peer) {
      UserPrincipal user = peer.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
      if (!allowed.contains(user)) {
        System.err.println("netd: refused a connection of user " + user.getName());
        return;
      }
      InputStream in = new BufferedInputStream(Channels.newInputStream(peer), 64 * 1024);
      for (Optional<String> line = JsonLines.next(in);
          line.isPresent();
          line = JsonLines.next(in)) {
        ByteBuffer reply = ByteBuffer.wrap(wire.write(answer(line.get())));
        while (reply.hasRemaining()) {
          peer.write(reply);
        }
      }
    } catch (IOException e) {
      System.err.println("netd: connection ended: " + e.getMessage());
    }
  }

  private NetdReply answer(String line) {
    try {
      return executor.execute(wire.readCommand(line));
    } catch (IllegalArgumentException e) {
      return NetdReply.failure(e.getMessage());
    }
  }
}

package dev.p2s.agent.ikev2;

import dev.p2s.agent.line.ServerLine;
import dev.p2s.dataplane.ikev2.EspPlace;
import dev.p2s.dataplane.ikev2.ViciSection;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/**
 * The agent's line to the pod's charon. It dials until charon is there, learns who is connected,
 * and then passes on what happens; when charon goes it dials again. Commands go over two more
 * connections, in the order of each.
 */
public final class Charon implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(Charon.class);
  private static final String TUNNELS = "child-updown";
  private static final String CLIENTS = "ike-updown";
  private static final String RENUMBERED = "ike-rekey";

  private final Path directory;
  private CharonListener listener;
  private final ServerLine events;
  private final CommandLine commands;
  private final CommandLine pools;

  /**
   * @param directory what charon and the agent share
   */
  public Charon(Path directory) {
    this.directory = directory;
    this.commands = new CommandLine(socket(), "charon-commands");
    this.pools = new CommandLine(socket(), "charon-pools");
    this.events = new ServerLine("charon", socket(), this::converse);
  }

  /**
   * @param told of everything from now on, on charon's own thread
   */
  public void start(CharonListener told) {
    listener = told;
    events.start();
  }

  /**
   * Gives a command, after those that were given before. charon holds its credentials and the
   * client's connection while it waits to hear of a certificate or a login, and answers afterwards.
   */
  CompletableFuture<ViciSection> ask(String command, ViciSection arguments) {
    return commands.say(line -> line.request(command, arguments));
  }

  /** Gives a command about a pool of addresses: done at once, whoever waits. */
  CompletableFuture<ViciSection> pool(String command, ViciSection arguments) {
    return pools.say(line -> line.request(command, arguments));
  }

  /** The certificates that charon has seen lately or was given. */
  CompletableFuture<List<ViciSection>> certificates() {
    return pools.say(
        line ->
            line.stream("list-certs", "list-cert", ViciSection.of().put("type", "X509").build()));
  }

  /** Lets a client go: its packets stop here, and it is told. */
  public void terminate(long id) {
    tell(
        "terminate",
        ViciSection.of()
            .put("ike-id", Long.toString(id))
            .put("force", "yes")
            .put("timeout", "-1")
            .build());
  }

  /**
   * Asks a client to go to another gateway (RFC 5685); charon keeps one that has not said that it
   * can.
   *
   * @param gateway where to, numeric or a name
   */
  public void redirect(long id, String gateway) {
    tell(
        "redirect",
        ViciSection.of().put("ike-id", Long.toString(id)).put("gateway", gateway).build());
  }

  /** Makes charon ask about every certificate again, whatever it has been told. */
  void forgetAnswers() {
    var _ =
        ask("flush-certs", ViciSection.of().put("type", "OCSP_RESPONSE").build())
            .whenComplete(
                (answer, problem) -> {
                  if (problem != null) {
                    LOG.warnf("charon may remember refusals: %s", problem.getMessage());
                  }
                });
  }

  /** Asks who is connected; the listener is told. */
  public void count(String life) {
    var _ =
        commands
            .say(Charon::connections)
            .whenComplete(
                (connections, problem) -> {
                  if (problem == null) {
                    listener.counted(life, connections);
                  }
                });
  }

  /** What keeps charon from starting, as its start script wrote it; or empty. */
  public String failure() {
    return text("failure");
  }

  /** What charon shares with the agent's RADIUS desk; empty while there is no charon. */
  public Optional<byte[]> radiusSecret() {
    return Optional.of(text("radius"))
        .filter(secret -> !secret.isEmpty())
        .map(secret -> secret.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() {
    events.close();
    commands.close();
    pools.close();
  }

  private void tell(String command, ViciSection arguments) {
    var _ =
        ask(command, arguments)
            .whenComplete(
                (answer, problem) -> {
                  if (problem != null) {
                    // A client that has gone meanwhile: the commonest and harmless.
                    LOG.debugf("charon: %s", problem.getMessage());
                  }
                });
  }

  private void converse(SocketChannel open) throws IOException {
    ViciConnection line = new ViciConnection(open);
    line.register(TUNNELS);
    line.register(CLIENTS);
    line.register(RENUMBERED);
    String life = text("life");
    EspPlace place = EspPlace.valueOf(text("esp").toUpperCase(Locale.ROOT));
    List<IkeConnection> connections = connections(line);
    CharonPools pools = CharonPools.of(line.request("get-pools", ViciSection.EMPTY));
    listener.attached(life, place, connections, pools);
    try {
      while (true) {
        pass(line.next());
      }
    } finally {
      if (!events.isClosed()) {
        listener.detached();
      }
    }
  }

  private void pass(ViciConnection.Event event) {
    boolean up = event.message().text("up").isPresent();
    switch (event.name()) {
      case TUNNELS -> {
        if (up) {
          IkeConnection.of(event.message()).forEach(listener::tunnelUp);
        }
      }
      case CLIENTS -> {
        if (!up) {
          IkeConnection.of(event.message()).forEach(listener::down);
        }
      }
      case RENUMBERED ->
          event
              .message()
              .sections()
              .forEach(
                  (name, rekeyed) ->
                      IkeConnection.of(name, rekeyed.section("old"))
                          .ifPresent(
                              old ->
                                  IkeConnection.of(name, rekeyed.section("new"))
                                      .ifPresent(next -> listener.renumbered(old.id(), next))));
      default -> LOG.debugf("charon tells of %s", event.name());
    }
  }

  private static List<IkeConnection> connections(ViciConnection line) throws IOException {
    return line.stream("list-sas", "list-sa", ViciSection.EMPTY).stream()
        .flatMap(message -> IkeConnection.of(message).stream())
        .toList();
  }

  private Path socket() {
    return directory.resolve("charon.vici");
  }

  private String text(String file) {
    try {
      return Files.readString(directory.resolve(file)).strip();
    } catch (IOException e) {
      return "";
    }
  }
}

package dev.p2s.agent.session;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.p2s.agent.AtomicFile;
import dev.p2s.agent.session.Session.Seat;
import dev.p2s.dataplane.SkuColumn;
import dev.p2s.dataplane.kernel.ProcessSlot;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** The live sessions of this pod, one file each so that a change costs the same for any number. */
public final class SessionTable {

  private static final Logger LOG = Logger.getLogger(SessionTable.class);
  private static final String SUFFIX = ".json";

  private final Path directory;
  private final ObjectMapper json = JsonMapper.builder().build();
  private final Map<String, Session> byId = new LinkedHashMap<>();
  private final Map<Seat, Session> bySeat = new HashMap<>();
  private final Map<TunnelAddress, Session> byAddress = new HashMap<>();
  private final Map<SkuColumn, Set<String>> byColumn = new EnumMap<>(SkuColumn.class);

  public SessionTable(Path directory) {
    this.directory = directory;
  }

  /** Reads what an earlier agent of this pod left. */
  public void load() throws IOException {
    Files.createDirectories(directory);
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(SUFFIX)).toList()) {
        try {
          index(json.readValue(Files.readAllBytes(file), Session.class));
        } catch (IOException e) {
          // The session's packets stop and its client dials again: safer than a guess.
          LOG.warnf("the session file %s cannot be read and is dropped", file.getFileName());
          Files.delete(file);
        }
      }
    }
  }

  public void add(Session session) throws IOException {
    AtomicFile.write(file(session), json.writeValueAsBytes(session));
    index(session);
  }

  /** Keeps a session's newer form; its place and address stay. */
  public void replace(Session session) throws IOException {
    index(session);
    AtomicFile.write(file(session), json.writeValueAsBytes(session));
  }

  /** Keeps a session at another place of its server. */
  public void move(Session session, Seat seat) throws IOException {
    bySeat.remove(session.seat());
    replace(session.at(seat));
  }

  public void remove(Session session) throws IOException {
    byId.remove(session.id());
    bySeat.remove(session.seat());
    session.addresses().forEach(byAddress::remove);
    column(session).remove(session.id());
    Files.deleteIfExists(file(session));
  }

  public Optional<Session> at(Seat seat) {
    return Optional.ofNullable(bySeat.get(seat));
  }

  public Optional<Session> withId(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  public boolean holds(TunnelAddress address) {
    return byAddress.containsKey(address);
  }

  public List<Session> of(ProcessSlot slot) {
    return byId.values().stream().filter(s -> s.seat().slot().equals(slot)).toList();
  }

  /** A copy, in the order of admission. */
  public Collection<Session> all() {
    return List.copyOf(byId.values());
  }

  public int size() {
    return byId.size();
  }

  /** How many count towards a column of the SKU's connections. */
  public int size(SkuColumn column) {
    return byColumn.getOrDefault(column, Set.of()).size();
  }

  private Set<String> column(Session session) {
    return byColumn.computeIfAbsent(
        SkuColumn.of(session.seat().protocol()), column -> new HashSet<>());
  }

  private void index(Session session) {
    byId.put(session.id(), session);
    bySeat.put(session.seat(), session);
    session.addresses().forEach(address -> byAddress.put(address, session));
    column(session).add(session.id());
  }

  private Path file(Session session) {
    return directory.resolve(session.id() + SUFFIX);
  }
}

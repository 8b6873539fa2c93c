package dev.p2s.agent;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.p2s.addressing.Cidr;
import dev.p2s.agent.kernel.KernelGate;
import dev.p2s.agent.openvpn.Anchor;
import dev.p2s.agent.openvpn.ServerDirectory;
import dev.p2s.agent.openvpn.ServerFleet;
import dev.p2s.agent.openvpn.ServerInputs;
import dev.p2s.agent.openvpn.ServerSet;
import dev.p2s.agent.openvpn.ServerSets;
import dev.p2s.agent.openvpn.SubjectHashes;
import dev.p2s.agent.session.GroupPools;
import dev.p2s.agent.session.TrustedChains;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.dataplane.ClosedRanges;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.ikev2.EspPlace;
import dev.p2s.dataplane.kernel.GroupReach;
import dev.p2s.dataplane.kernel.NetdCommand.Configure;
import dev.p2s.dataplane.kernel.ProcessSlot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/** Makes kernel and servers follow the state, and keeps at it until they do. */
final class Programming {

  private static final Logger LOG = Logger.getLogger(Programming.class);

  private final Path setsFile;
  private final ServerDirectory directory;
  private final SubjectHashes subjectHashes;
  private final KernelGate gate;
  private final ServerFleet fleet;
  private final List<Cidr> node;
  private final ObjectMapper json = JsonMapper.builder().build();

  private ServerSets sets = ServerSets.NONE;
  private StateBundle bundle;
  private Configure inKernel;
  private long configured;
  private EspPlace charon;
  private SstpPlace sstp = SstpPlace.EMPTY;
  private String problem = "no state has been read yet";

  /**
   * @param node the addresses of the pod's node
   */
  Programming(
      Path setsFile,
      ServerDirectory directory,
      SubjectHashes subjectHashes,
      KernelGate gate,
      ServerFleet fleet,
      List<Cidr> node) {
    this.setsFile = setsFile;
    this.directory = directory;
    this.subjectHashes = subjectHashes;
    this.gate = gate;
    this.fleet = fleet;
    this.node = node;
  }

  /** Takes up the server sets that an earlier agent of this pod has left running. */
  void load() {
    try {
      if (Files.exists(setsFile)) {
        sets = json.readValue(Files.readAllBytes(setsFile), ServerSets.class);
      }
    } catch (IOException e) {
      LOG.errorf("the list of server sets cannot be read: %s", e.getMessage());
    }
  }

  /**
   * Sees that a state can be programmed at all.
   *
   * @throws IllegalArgumentException where it cannot; the message names the field
   */
  static void check(StateBundle candidate) {
    GatewayState state = candidate.state();
    GroupPools.of(state);
    TrustedChains.of(state);
    if (state.openVpn() != null) {
      ServerInputs.of(candidate);
    }
  }

  /** Makes this the state to follow. */
  void follow(StateBundle next) {
    bundle = next;
    program();
  }

  /** Does what is still to do; nothing where everything follows the state. */
  void retry() {
    if (bundle != null && !problem.isEmpty()) {
      program();
    }
  }

  /** Steers new connections to the processes that answer. */
  void steer() {
    if (bundle == null) {
      return;
    }
    try {
      configureKernel();
    } catch (IOException e) {
      fail(e);
    }
  }

  /**
   * charon answers, one that was started anew perhaps: its device is made or taken over.
   *
   * @param place where it encrypts, or null where it has gone
   */
  void charon(EspPlace place) {
    charon = place;
    inKernel = null;
    steer();
  }

  /** The SSTP endpoint's connections begin or end, or it has come or gone. */
  void sstp(SstpPlace now) {
    if (!now.equals(sstp)) {
      sstp = now;
      steer();
    }
  }

  /** Where charon encrypts; empty where there is none. */
  Optional<EspPlace> esp() {
    return Optional.ofNullable(charon);
  }

  /** Lets a set's processes end for good; its place is free when {@link #remove} has gone by. */
  void retire(ServerSet set) {
    try {
      directory.retire(set);
      set.slots().forEach(slot -> fleet.send(slot, "signal SIGTERM\n"));
      keep(sets.retired(set.id()));
    } catch (IOException e) {
      fail(e);
    }
  }

  /** Removes a retired set whose processes have ended. */
  void remove(ServerSet set) {
    try {
      directory.remove(set);
      keep(sets.without(set.id()));
      fleet.follow(sockets());
      configureKernel();
      LOG.infof("server set %s has drained and is gone", set.id());
    } catch (IOException e) {
      fail(e);
    }
  }

  ServerSets sets() {
    return sets;
  }

  /** What keeps the state from being in force, for a person; empty where it is. */
  String problem() {
    if (!problem.isEmpty() || bundle == null || bundle.state().openVpn() == null) {
      return problem;
    }
    Optional<ServerSet> current = sets.currentSet();
    if (current.isEmpty() || fleet.live().containsAll(current.get().slots())) {
      return problem;
    }
    String failure = directory.failure(current.get());
    return failure.isEmpty() ? "OpenVPN servers are starting" : failure;
  }

  /** How often devices and rules were set: more than before, and there may be other devices. */
  long configured() {
    return configured;
  }

  /** The state in force or about to be; empty before the first. */
  Optional<StateBundle> bundle() {
    return Optional.ofNullable(bundle);
  }

  private void program() {
    try {
      if (bundle.state().openVpn() == null) {
        keep(new ServerSets(sets.sets(), null));
        configureKernel();
      } else {
        programServers(bundle.state(), ServerInputs.of(bundle));
      }
      problem = "";
    } catch (IOException | IllegalArgumentException e) {
      fail(e);
    }
  }

  private void programServers(GatewayState state, ServerInputs inputs) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    List<Anchor> anchors = Anchor.of(state);
    for (Anchor anchor : anchors) {
      hashes.put(anchor.sha256(), subjectHash(anchor));
    }
    String before = sets.current();
    keep(sets.follow(inputs.fingerprint(), inputs.processes(), hashes));
    ServerSet current = sets.currentSet().orElseThrow();
    if (!current.id().equals(before)) {
      LOG.infof("server set %s takes new connections from now on", current.id());
    }
    configureKernel();
    directory.writeRoots(current, anchors, hashes);
    directory.write(current, inputs);
    fleet.follow(sockets());
  }

  private String subjectHash(Anchor anchor) throws IOException {
    try {
      return subjectHashes.of(anchor.sha256(), anchor.pem());
    } catch (IOException e) {
      throw new IOException("root certificate " + anchor.root() + ": " + e.getMessage(), e);
    }
  }

  private void configureKernel() throws IOException {
    GatewayState state = bundle.state();
    Configure wanted =
        new Configure(
            slots(state),
            steering(),
            GroupPools.of(state).all().gateways(),
            ClosedRanges.open(state.routes(), node),
            state.snat(),
            tunnelMtu(state),
            charon,
            GroupReach.of(state),
            state.clientToClient());
    if (!wanted.equals(inKernel)) {
      inKernel = null;
      gate.require(wanted);
      inKernel = wanted;
      configured++;
    }
  }

  private List<ProcessSlot> slots(GatewayState state) {
    List<ProcessSlot> slots = new ArrayList<>(sets.slots());
    // the device outlives its service until the last call has ended in order
    if (state.sstp() != null || sstp.occupied()) {
      slots.add(ProcessSlot.SSTP);
    }
    return slots;
  }

  private static int tunnelMtu(GatewayState state) {
    if (state.sstp() != null) {
      return state.sstp().tunnelMtu();
    }
    return state.openVpn() == null ? 1500 : state.openVpn().tunnelMtu();
  }

  /** The current set's living processes; while it has none yet, those of the newest that has. */
  private List<ProcessSlot> steering() {
    if (bundle.state().sstp() != null) {
      return sstp.open() ? List.of(ProcessSlot.SSTP) : List.of();
    }
    if (sets.current() == null) {
      return List.of();
    }
    List<ServerSet> byPreference = new ArrayList<>(sets.currentSet().stream().toList());
    byPreference.addAll(sets.draining().reversed());
    return byPreference.stream()
        .filter(set -> !set.isRetired())
        .map(set -> set.slots().stream().filter(fleet.live()::contains).toList())
        .filter(live -> !live.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  private Map<ProcessSlot, Path> sockets() {
    Map<ProcessSlot, Path> sockets = new HashMap<>();
    for (ServerSet set : sets.sets()) {
      set.slots().forEach(slot -> sockets.put(slot, directory.files(set).management(slot)));
    }
    return sockets;
  }

  private void keep(ServerSets next) throws IOException {
    if (!next.equals(sets)) {
      AtomicFile.write(setsFile, json.writeValueAsBytes(next));
      sets = next;
    }
  }

  private void fail(Exception e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    if (!message.equals(problem)) {
      LOG.errorf("the gateway cannot be programmed: %s", message);
    }
    problem = message;
  }
}

package dev.p2s.agent;

import dev.p2s.agent.kernel.KernelGate;
import dev.p2s.agent.session.Session;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.dataplane.SkuColumn;
import dev.p2s.dataplane.kernel.Grant;
import dev.p2s.dataplane.kernel.NetdCommand;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The changes of one batch, in the order that keeps the promise "gone means that no packet passes":
 * grants are taken away first, servers are told second; and a client is let in only when its grant
 * is in force and its session is on disk.
 */
final class SessionChanges {

  private static final Logger LOG = Logger.getLogger(SessionChanges.class);

  private record Beginning(Session session, Runnable welcome, Runnable refusal) {}

  private final SessionTable table;
  private final KernelGate gate;
  private final List<Beginning> beginning = new ArrayList<>();
  private final List<Runnable> sayings = new ArrayList<>();
  private final Set<TunnelAddress> forbidding = new LinkedHashSet<>();
  private final Set<String> regrouped = new LinkedHashSet<>();

  SessionChanges(SessionTable table, KernelGate gate) {
    this.table = table;
    this.gate = gate;
  }

  /** Sessions of a column that there are and that are about to begin. */
  int liveSessions(SkuColumn column) {
    long starting =
        beginning.stream()
            .filter(next -> SkuColumn.of(next.session().seat().protocol()) == column)
            .count();
    return table.size(column) + (int) starting;
  }

  /** Whether a client has the address, is about to get it, or can still send from it. */
  boolean isTaken(TunnelAddress address) {
    return table.holds(address)
        || forbidding.contains(address)
        || beginning.stream().anyMatch(next -> next.session().addresses().contains(address));
  }

  boolean isBeginning(Session.Seat seat) {
    return beginning.stream().anyMatch(next -> next.session().seat().equals(seat));
  }

  /**
   * @param welcome tells the server when the grant is in force
   * @param refusal tells it when that fails
   */
  void begin(Session session, Runnable welcome, Runnable refusal) {
    beginning.add(new Beginning(session, welcome, refusal));
  }

  void end(Session session) {
    forbidding.addAll(session.addresses());
    try {
      table.remove(session);
    } catch (IOException e) {
      // On a restart the file is compared with the server's clients and goes then.
      LOG.warnf("the file of session %s stays: %s", session.id(), e.getMessage());
    }
  }

  /** Keeps a session's newer form. */
  void replace(Session session) {
    try {
      table.replace(session);
    } catch (IOException e) {
      // It is in force; an agent that is started anew goes on by the older form.
      LOG.warnf("the file of session %s is not renewed: %s", session.id(), e.getMessage());
    }
  }

  /** The session is of another group from now on, with what that may reach. */
  void regroup(Session session) {
    replace(session);
    regrouped.add(session.id());
  }

  /** Keeps where a server has the client now. */
  void move(Session session, Session.Seat seat) {
    try {
      table.move(session, seat);
    } catch (IOException e) {
      LOG.warnf("the file of session %s is not renewed: %s", session.id(), e.getMessage());
    }
  }

  /** Tells a server something, after the kernel has been told. */
  void say(Runnable saying) {
    sayings.add(saying);
  }

  void adopt() throws IOException {
    Set<Grant> wanted =
        table.all().stream()
            .flatMap(session -> session.grants().stream())
            .collect(Collectors.toSet());
    List<TunnelAddress> surplus =
        gate.grants().stream()
            .filter(grant -> !wanted.contains(grant))
            .map(Grant::address)
            .toList();
    if (!surplus.isEmpty()) {
      gate.require(new NetdCommand.Forbid(surplus));
    }
    if (!wanted.isEmpty()) {
      gate.require(new NetdCommand.Permit(List.copyOf(wanted)));
    }
  }

  /**
   * @param begun told of each session that has begun
   * @param failed told of each that could not, and why
   */
  void flush(Consumer<Session> begun, BiConsumer<Session, String> failed) {
    if (!forbidding.isEmpty()) {
      try {
        gate.require(new NetdCommand.Forbid(List.copyOf(forbidding)));
        forbidding.clear();
      } catch (IOException e) {
        // The servers are told all the same; the grants go as soon as netd answers.
        LOG.errorf("grants cannot be taken away yet: %s", e.getMessage());
      }
    }
    moveToGroups();
    sayings.forEach(Runnable::run);
    sayings.clear();
    if (!beginning.isEmpty()) {
      permit(begun, failed);
      beginning.clear();
    }
  }

  private void moveToGroups() {
    List<Grant> grants =
        regrouped.stream()
            .flatMap(id -> table.withId(id).stream())
            .flatMap(session -> session.grants().stream())
            .toList();
    try {
      if (!grants.isEmpty()) {
        gate.require(new NetdCommand.Permit(grants));
      }
      regrouped.clear();
    } catch (IOException e) {
      LOG.errorf("sessions cannot be moved to their groups yet: %s", e.getMessage());
    }
  }

  private void permit(Consumer<Session> begun, BiConsumer<Session, String> failed) {
    try {
      gate.require(
          new NetdCommand.Permit(
              beginning.stream().flatMap(next -> next.session().grants().stream()).toList()));
    } catch (IOException e) {
      beginning.forEach(next -> refuse(next, failed, e));
      return;
    }
    for (Beginning next : beginning) {
      try {
        table.add(next.session());
        next.welcome().run();
        begun.accept(next.session());
      } catch (IOException e) {
        refuse(next, failed, e);
      }
    }
  }

  private void refuse(Beginning next, BiConsumer<Session, String> failed, IOException problem) {
    forbidding.addAll(next.session().addresses());
    next.refusal().run();
    failed.accept(next.session(), problem.getMessage());
  }
}

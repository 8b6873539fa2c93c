package dev.p2s.agent.revocation;

import dev.p2s.agent.session.RevocationLists;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.GatewayState.TrustedRoot;
import dev.p2s.pki.CertificateRevocationList;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Keeps the revocation lists of the roots that have one: fetches them ahead of need, and goes on by
 * the last good one through an outage. Called on the agent's loop only.
 */
public final class ListKeeper implements AutoCloseable {

  private final Path directory;
  private final ListSource source;
  private final Clock clock;
  private final Consumer<Runnable> loop;
  private final Consumer<RevocationLists> changed;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private Map<String, KeptList> kept = new TreeMap<>();

  /**
   * @param directory where lists outlive the agent
   * @param loop runs something on the agent's own thread
   * @param changed told of the lists that count from now on
   */
  public ListKeeper(
      Path directory,
      ListSource source,
      Clock clock,
      Consumer<Runnable> loop,
      Consumer<RevocationLists> changed) {
    this.directory = directory;
    this.source = source;
    this.clock = clock;
    this.loop = loop;
    this.changed = changed;
  }

  /** From now on the lists of this state's roots are kept and no others. */
  public void follow(GatewayState state) {
    Map<String, KeptList> next = new TreeMap<>();
    for (TrustedRoot root : state.checkedRoots()) {
      KeptList before = kept.get(root.sha256());
      next.put(
          root.sha256(),
          before != null && before.root().equals(root)
              ? before
              : new KeptList(root, directory.resolve(root.sha256() + ".crl"), clock.instant()));
    }
    boolean same = next.equals(kept);
    kept = next;
    if (!same) {
      tick();
      publish();
    }
  }

  /** Fetches what is due; about once a second. */
  public void tick() {
    Instant now = clock.instant();
    for (KeptList list : kept.values()) {
      if (list.isDue(now)) {
        list.begun();
        try {
          workers.execute(
              () -> {
                KeptList.Fetched fetched = list.fetch(source, now);
                loop.accept(() -> take(list, fetched));
              });
        } catch (RejectedExecutionException e) {
          return;
        }
      }
    }
  }

  /** What the operator is told of each. */
  public List<AgentReport.RevocationList> report() {
    Instant now = clock.instant();
    return kept.values().stream()
        .map(list -> list.report(now))
        .sorted(Comparator.comparing(AgentReport.RevocationList::root))
        .toList();
  }

  @Override
  public void close() {
    workers.shutdownNow();
    source.close();
  }

  private void take(KeptList list, KeptList.Fetched fetched) {
    // one that no root asks for any more changes nothing
    if (list.take(fetched, clock.instant()) && kept.containsValue(list)) {
      publish();
    }
  }

  private void publish() {
    Map<String, CertificateRevocationList> lists = new HashMap<>();
    kept.forEach((root, list) -> list.held().ifPresent(held -> lists.put(root, held)));
    changed.accept(new RevocationLists(lists));
  }
}

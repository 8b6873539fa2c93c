package dev.p2s.gateway;

import dev.p2s.dataplane.AgentReport;
import dev.p2s.rootcertificate.ListReports;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** What the agents of a gateway tell of its roots' revocation lists, by their streams. */
@ApplicationScoped
public class AgentListReports implements ListReports {

  private final AgentStreams streams;

  public AgentListReports(AgentStreams streams) {
    this.streams = streams;
  }

  @Override
  public List<AgentReport.RevocationList> of(ResourceID gateway) {
    return streams.reports(gateway).values().stream()
        .flatMap(report -> report.revocationLists().stream())
        .toList();
  }

  @Override
  public void listen(Consumer<ResourceID> listener) {
    Map<ResourceID, List<AgentReport.RevocationList>> told = new ConcurrentHashMap<>();
    streams.listen(
        gateway -> {
          // reports change with every byte that passes, lists a few times a day
          List<AgentReport.RevocationList> now = of(gateway);
          if (!now.equals(told.put(gateway, now))) {
            listener.accept(gateway);
          }
        });
  }
}

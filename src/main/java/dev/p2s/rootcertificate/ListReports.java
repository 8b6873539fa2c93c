package dev.p2s.rootcertificate;

import dev.p2s.dataplane.AgentReport;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import java.util.function.Consumer;

/** What the pods of gateways tell of revocation lists. */
public interface ListReports {

  /** The lists that each pod of a gateway keeps. */
  List<AgentReport.RevocationList> of(ResourceID gateway);

  /**
   * @param listener told of a gateway where that has changed
   */
  void listen(Consumer<ResourceID> listener);
}

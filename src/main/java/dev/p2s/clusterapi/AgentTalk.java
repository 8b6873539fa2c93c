package dev.p2s.clusterapi;

import dev.p2s.dataplane.RefusedAttempt;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What agents are asked while somebody waits. */
interface AgentTalk {

  /** Whom gateways turned away lately, oldest first. */
  Map<ResourceID, List<RefusedAttempt>> attempts(Collection<ResourceID> gateways);

  /**
   * Ends a session; false where there is none any more.
   *
   * @throws ApiFailure where its agent cannot be asked
   */
  boolean disconnect(SessionFeed.Place place, String session);
}

package dev.p2s.clusterapi;

import dev.p2s.dataplane.RefusedAttempt;
import dev.p2s.dataplane.SessionWord;
import dev.p2s.gateway.AgentStreams;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks agents over the streams that this replica has to them. */
final class StreamTalk implements AgentTalk {

  private static final long PATIENCE_SECONDS = 8;

  private final AgentStreams streams;

  StreamTalk(AgentStreams streams) {
    this.streams = streams;
  }

  @Override
  public Map<ResourceID, List<RefusedAttempt>> attempts(Collection<ResourceID> gateways) {
    Map<ResourceID, Future<List<RefusedAttempt>>> asked = new HashMap<>();
    gateways.forEach(gateway -> asked.put(gateway, streams.attempts(gateway)));
    Map<ResourceID, List<RefusedAttempt>> told = new HashMap<>();
    asked.forEach((gateway, future) -> told.put(gateway, awaited(future)));
    return told;
  }

  @Override
  public boolean disconnect(SessionFeed.Place place, String session) {
    return awaited(streams.end(place.gateway(), place.pod(), session, SessionWord.DISCONNECT));
  }

  private static <T> T awaited(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw ApiFailure.unavailable("the gateway pod's agent does not answer; try again");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiFailure.unavailable("this replica ends; try again");
    }
  }
}

package dev.p2s.agent.radius;

import dev.p2s.agent.session.Session;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.function.Function;

/** Who knows the pod's sessions and ends them on a RADIUS server's word. Called by any thread. */
public interface SessionEnding {

  /**
   * @param judge given the sessions that there are, says which shall end
   * @param then told what was done, once no packet of an ended session passes any more
   */
  void decide(
      Function<Collection<Session>, DisconnectRequest.Verdict> judge,
      Consumer<DisconnectRequest.Verdict> then);
}

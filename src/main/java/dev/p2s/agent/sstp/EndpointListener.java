package dev.p2s.agent.sstp;

import dev.p2s.dataplane.sstp.EndpointEvent;

/** Told what happens at the SSTP endpoint, on the thread of the line to it. */
public interface EndpointListener {

  /** Something has happened; the first of each connection is {@link EndpointEvent.Attached}. */
  void happened(EndpointEvent event);

  /** The endpoint does not answer any more; calls that it has may go on. */
  void detached();
}

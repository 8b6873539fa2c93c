package dev.p2s.agent.ikev2;

import dev.p2s.agent.session.ClientCertificate;
import dev.p2s.dataplane.ikev2.EspPlace;
import java.util.List;

/** What is told about charon, in the order in which it happens. */
public interface CharonListener {

  /**
   * charon answers.
   *
   * @param life which of its lives this is: a charon that was started anew has another
   * @param place where it does ESP
   * @param connections its clients
   * @param pools names and addresses of its pools
   */
  void attached(String life, EspPlace place, List<IkeConnection> connections, CharonPools pools);

  /**
   * A client has shown a certificate that is welcome, and charon waits to hear so.
   *
   * @param letIn to be run when it may
   */
  void comesIn(ClientCertificate certificate, Runnable letIn);

  /** A client has a tunnel, a first or a further one. */
  void tunnelUp(IkeConnection connection);

  /** A client has gone. */
  void down(IkeConnection connection);

  /** A client's connection goes on under another number. */
  void renumbered(long before, IkeConnection connection);

  /** Everybody whom charon has; asked for regularly. */
  void counted(String life, List<IkeConnection> connections);

  /** charon has gone, or its socket has. */
  void detached();
}

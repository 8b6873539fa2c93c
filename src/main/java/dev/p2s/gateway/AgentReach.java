package dev.p2s.gateway;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether an agent's pod still takes clients, asked of its kernel. A node that vanishes answers no
 * SYN, while an agent that has died or is busy has one that does. It finds out within eight
 * seconds, before {@code ping-restart} makes the pod's clients dial again (15 s); the nodes' own
 * leases tell after 40. A pod whose processes have all died refuses clients as soon as its agent is
 * gone; its kubelet sees that up to 1.5 s later, while its clients dial again after a second.
 */
final class AgentReach implements AutoCloseable {

  private static final int CONNECT_MILLIS = 2_000;
  private static final long AGAIN_MILLIS = 3_000;
  private static final long AFTER_A_MISS_MILLIS = 1_000;
  private static final int MISSES = 2;
  private static final long LOOK_AGAIN_MILLIS = 200;

  /** For a second, then the kubelet has looked as well. */
  private static final int LOOKS = 6;

  private final Vertx vertx;
  private final NetClient client;
  private final String address;
  private final int port;
  private final OptionalInt clientPort;
  private final Runnable lost;
  private final AtomicBoolean isNew = new AtomicBoolean();
  private volatile boolean closed;
  private int misses;

  /**
   * @param address of a pod that has been heard
   * @param port the agent's
   * @param clientPort the TCP port that clients dial, where there is one
   * @param lost called on the event loop when it is gone
   */
  AgentReach(Vertx vertx, String address, int port, OptionalInt clientPort, Runnable lost) {
    this.vertx = vertx;
    this.client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_MILLIS));
    this.address = address;
    this.port = port;
    this.clientPort = clientPort;
    this.lost = lost;
    later(AGAIN_MILLIS);
  }

  /** Whether the pod was lost since this was last asked. */
  boolean takeLost() {
    return isNew.getAndSet(false);
  }

  /** The agent is not heard any more: where clients are refused as well, the pod is lost. */
  void agentEnded() {
    lookAtServers(LOOKS);
  }

  // the processes of a pod that is killed do not all end in the same moment
  private void lookAtServers(int looks) {
    if (closed || looks == 0 || clientPort.isEmpty()) {
      return;
    }
    client
        .connect(clientPort.getAsInt(), address)
        .onSuccess(
            socket -> {
              socket.close();
              vertx.setTimer(LOOK_AGAIN_MILLIS, timer -> lookAtServers(looks - 1));
            })
        .onFailure(
            cause -> {
              if (isRefusal(cause)) {
                gone();
              }
            });
  }

  @Override
  public void close() {
    closed = true;
    client.close();
  }

  private void later(long millis) {
    vertx.setTimer(
        millis,
        timer -> {
          if (!closed) {
            ask();
          }
        });
  }

  private void ask() {
    client
        .connect(port, address)
        .onSuccess(
            socket -> {
              socket.close();
              answered();
            })
        .onFailure(
            cause -> {
              if (isSilence(cause)) {
                missed();
              } else {
                answered();
              }
            });
  }

  private void answered() {
    misses = 0;
    isNew.set(false);
    later(AGAIN_MILLIS);
  }

  private void missed() {
    misses++;
    if (misses == MISSES) {
      gone();
    }
    later(misses < MISSES ? AFTER_A_MISS_MILLIS : AGAIN_MILLIS);
  }

  private void gone() {
    if (!closed) {
      isNew.set(true);
      lost.run();
    }
  }

  private static boolean isRefusal(Throwable cause) {
    return cause instanceof ConnectException && !isSilence(cause);
  }

  /** A refusal comes from the pod's kernel, and whoever refuses is there. */
  static boolean isSilence(Throwable cause) {
    return cause instanceof ConnectTimeoutException || cause instanceof NoRouteToHostException;
  }
}

package dev.p2s.gateway;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.net.NoRouteToHostException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether an agent's pod is still there, asked of its kernel: a node that vanishes answers no SYN,
 * while an agent that has died or is busy has one that does. It finds out within eight seconds,
 * before {@code ping-restart} makes the pod's clients dial again (15 s); the nodes' own leases tell
 * after 40.
 */
final class AgentReach implements AutoCloseable {

  private static final int CONNECT_MILLIS = 2_000;
  private static final long AGAIN_MILLIS = 3_000;
  private static final long AFTER_A_MISS_MILLIS = 1_000;
  private static final int MISSES = 2;

  private final Vertx vertx;
  private final NetClient client;
  private final String address;
  private final int port;
  private final Runnable lost;
  private final AtomicBoolean isNew = new AtomicBoolean();
  private volatile boolean closed;
  private int misses;

  /**
   * @param address of a pod that has been heard
   * @param lost called on the event loop when it is gone
   */
  AgentReach(Vertx vertx, String address, int port, Runnable lost) {
    this.vertx = vertx;
    this.client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_MILLIS));
    this.address = address;
    this.port = port;
    this.lost = lost;
    later(AGAIN_MILLIS);
  }

  /** Whether the pod was lost since this was last asked. */
  boolean takeLost() {
    return isNew.getAndSet(false);
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
    if (misses == MISSES && !closed) {
      isNew.set(true);
      lost.run();
    }
    later(misses < MISSES ? AFTER_A_MISS_MILLIS : AGAIN_MILLIS);
  }

  /** A refusal comes from the pod's kernel, and whoever refuses is there. */
  static boolean isSilence(Throwable cause) {
    return cause instanceof ConnectTimeoutException || cause instanceof NoRouteToHostException;
  }
}

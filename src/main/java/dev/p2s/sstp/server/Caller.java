package dev.p2s.sstp.server;

import java.util.concurrent.atomic.AtomicLong;

/** A TCP connection at the endpoint, and what it has carried. */
public final class Caller {

  private final long id;
  private final String address;
  private final Runnable hangUp;
  private final AtomicLong in = new AtomicLong();
  private final AtomicLong out = new AtomicLong();

  /**
   * @param id another for each connection since the endpoint's start
   * @param address where it comes from, {@code address:port}
   * @param hangUp ends its call in order, on any thread
   */
  public Caller(long id, String address, Runnable hangUp) {
    this.id = id;
    this.address = address;
    this.hangUp = hangUp;
  }

  public long id() {
    return id;
  }

  public String address() {
    return address;
  }

  /** Ends its call in order: the client is told and may dial again. */
  public void hangUp() {
    hangUp.run();
  }

  /** Bytes of packets from the client. */
  public long in() {
    return in.get();
  }

  /** Bytes of packets to the client. */
  public long out() {
    return out.get();
  }

  // One thread counts in, so no read-modify-write needs to be atomic.
  void countIn(int bytes) {
    in.lazySet(in.get() + bytes);
  }

  // Packets to one client may come out of several queues, each with its thread.
  void countOut(int bytes) {
    out.addAndGet(bytes);
  }
}

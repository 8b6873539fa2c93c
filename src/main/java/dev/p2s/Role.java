package dev.p2s;

/** What one process of the image does; {@code P2S_ROLE} chooses by {@code @Named}. */
public interface Role {

  /** Starts the role's work and returns. */
  void start();

  /** Ends it in order; called once, on SIGTERM. */
  void stop();
}

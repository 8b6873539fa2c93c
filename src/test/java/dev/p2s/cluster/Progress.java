package dev.p2s.cluster;

/** Lines that tell a person what a long step does. */
public final class Progress {

  private Progress() {}

  public static void say(String format, Object... values) {
    System.err.printf("==> " + format + "%n", values);
  }
}

package dev.p2s.cluster;

/** A machine on which programs can be run. */
public interface Shell {

  /** Runs a program that must succeed and returns what it printed. */
  String run(String... words);
}

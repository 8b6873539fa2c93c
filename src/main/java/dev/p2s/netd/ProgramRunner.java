package dev.p2s.netd;

import java.io.IOException;
import java.util.List;

/** Runs one of the kernel's tools; never through a shell. */
@FunctionalInterface
interface ProgramRunner {

  /**
   * @param argv the program and its arguments
   * @param input what it reads on standard input
   * @return what it wrote on standard output
   * @throws IOException where it cannot be run or fails; the message says what it complained of
   */
  String run(List<String> argv, String input) throws IOException;

  /**
   * What is thrown where a tool fails.
   *
   * @param complaint what it said, of which the beginning is told
   */
  static IOException failure(String program, int status, String complaint) {
    String text = complaint.strip();
    String told = text.length() <= 400 ? text : text.substring(0, 400) + "…";
    return new IOException(program + " failed (" + status + "): " + told);
  }
}

package dev.p2s.netd;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs tools as child processes and waits for them, 20 seconds at most. */
final class ChildProcesses implements ProgramRunner {

  private static final int TIMEOUT_SECONDS = 20;

  @Override
  public String run(List<String> argv, String input) throws IOException {
    // One stream for both: nothing can fill up while the other is read.
    Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
    try (OutputStream in = process.getOutputStream()) {
      Thread reaper = killAfterTimeout(process);
      feed(in, input);
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      reaper.interrupt();
      if (status != 0) {
        throw ProgramRunner.failure(argv.getFirst(), status, output);
      }
      return output;
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + argv.getFirst() + " ran", e);
    }
  }

  /** A tool that has failed early no longer reads: its complaint matters, not the broken pipe. */
  private static void feed(OutputStream in, String input) {
    try (in) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // The exit status and the output tell.
    }
  }

  private static Thread killAfterTimeout(Process process) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                  process.destroyForcibly();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }
}

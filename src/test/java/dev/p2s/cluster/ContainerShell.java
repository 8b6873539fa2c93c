package dev.p2s.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.GenericContainer;

/** A container in which programs are run. */
record ContainerShell(GenericContainer<?> container) implements Shell {

  @Override
  public String run(String... words) {
    Container.ExecResult result = exec(words);
    if (result.getExitCode() != 0) {
      throw new IllegalStateException(
          String.join(" ", words)
              + ": exit "
              + result.getExitCode()
              + "\n"
              + result.getStdout()
              + result.getStderr());
    }
    return result.getStdout();
  }

  /** Runs a program that may fail. */
  Container.ExecResult exec(String... words) {
    try {
      return container.execInContainer(words);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

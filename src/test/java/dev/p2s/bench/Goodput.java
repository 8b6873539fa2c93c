package dev.p2s.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.p2s.cluster.Shell;
import java.util.ArrayList;
import java.util.List;

/** What one TCP connection carries through a tunnel, as iperf3 measures it. */
final class Goodput {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SECONDS = 4;
  private static final int UNCOUNTED_SECONDS = 1;

  /** How long a line sends for one figure. */
  static final int SENT_SECONDS = SECONDS + UNCOUNTED_SECONDS;

  /** A client that is connected, and whom it sends to and gets from. */
  record Line(Shell client, String target) {

    double megabits(String... direction) {
      List<String> words =
          new ArrayList<>(
              List.of(
                  "iperf3",
                  "-c",
                  target,
                  "-J",
                  "-O",
                  String.valueOf(UNCOUNTED_SECONDS),
                  "-t",
                  String.valueOf(SECONDS)));
      words.addAll(List.of(direction));
      try {
        JsonNode sum =
            JSON.readTree(client.run(words.toArray(String[]::new)))
                .path("end")
                .path("sum_received");
        return sum.path("bits_per_second").asDouble() / 1e6;
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private Goodput() {}

  /** Both lines in turn, so that whatever else the machine does falls on both. */
  static void compare(
      String what, Line ours, Line anchor, String anchorName, int rounds, Results results) {
    for (String[] direction : new String[][] {{"-R"}, {}}) {
      List<Double> mine = new ArrayList<>();
      List<Double> theirs = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        mine.add(ours.megabits(direction));
        theirs.add(anchor.megabits(direction));
      }
      results.add(
          what + (direction.length == 0 ? ", from the client" : ", to the client"),
          Samples.of("Mb/s", mine),
          Samples.of("Mb/s", theirs),
          anchorName);
    }
  }
}

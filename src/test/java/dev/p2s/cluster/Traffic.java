package dev.p2s.cluster;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** Packets all the time through a client's tunnel, and which of them were answered when. */
final class Traffic {

  private static final Pattern REPLY = Pattern.compile("^\\[([0-9.]+)] \\d+ bytes from .*");
  private static int started;

  private final Shell client;
  private final String log;

  private Traffic(Shell client, String log) {
    this.client = client;
    this.log = log;
  }

  /** Starts to send to an address, from a source where one is given. */
  static Traffic start(Shell client, String address, String... source) {
    String from = source.length == 0 ? "" : "-I " + source[0] + " ";
    return begun(client, "ping -D -i 0.2 -W 1 " + from + address);
  }

  /**
   * Starts to send to an address, each packet by the way that is there by then: a device that was
   * made anew is used at once.
   */
  static Traffic startByAnyDevice(Shell client, String address) {
    return begun(client, "while :; do ping -D -c 1 -W 1 " + address + "; sleep 0.1; done");
  }

  private static Traffic begun(Shell client, String command) {
    String log = "/vpn/traffic" + started++ + ".log";
    client.run("sh", "-c", "(" + command + " > " + log + " 2>&1 &)");
    return new Traffic(client, log);
  }

  /** When answers came, in seconds. */
  List<Double> replies() {
    return client
        .run("cat", log)
        .lines()
        .map(REPLY::matcher)
        .filter(java.util.regex.Matcher::matches)
        .map(line -> Double.parseDouble(line.group(1)))
        .toList();
  }

  /** Waits for so many more answers. */
  void awaitReplies(int more) {
    int before = replies().size();
    Office.await("answers through the tunnel", () -> replies().size() >= before + more);
  }

  /** Waits until nothing has been answered for three seconds. */
  void awaitSilence() {
    Office.await(
        "silence in the tunnel",
        () -> {
          int before = replies().size();
          Thread.sleep(Duration.ofSeconds(3));
          return replies().size() == before;
        });
  }

  /** The longest time between two answers, in seconds. */
  double longestGap() {
    List<Double> replies = replies();
    double longest = 0;
    for (int i = 1; i < replies.size(); i++) {
      longest = Math.max(longest, replies.get(i) - replies.get(i - 1));
    }
    return longest;
  }
}

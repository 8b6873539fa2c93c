package dev.p2s.cluster;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One TCP connection of a client through its tunnel to the sample workload, which is asked twice a
 * second and says each time whom it sees.
 */
final class InnerConnection {

  private static final Pattern ANSWER = Pattern.compile("([0-9.]+) pod=\\S+ from=(\\S+):(\\d+)");

  private static final String ASK =
      """
      exec 3<>/dev/tcp/%s/8080 || exit 1
      while printf 'GET / HTTP/1.1\\r\\nHost: echo\\r\\n\\r\\n' >&3; do
        while read -r line <&3; do
          case $line in pod=*) echo "$(date +%%s.%%N) $line"; break ;; esac
        done
        sleep 0.5
      done
      """;

  /**
   * @param at when, Unix time in seconds
   * @param address where the workload sees the connection come from
   * @param port of it, by which one is known from another
   */
  record Answer(double at, String address, int port) {}

  private static int opened;

  private final Shell client;
  private final String log;

  private InnerConnection(Shell client, String log) {
    this.client = client;
    this.log = log;
  }

  static InnerConnection open(Shell client, String workload) {
    String log = "/vpn/inner" + opened++ + ".log";
    client.run("bash", "-c", "(bash -c \"$0\" > " + log + " 2>&1 &)", ASK.formatted(workload));
    return new InnerConnection(client, log);
  }

  List<Answer> answers() {
    return client
        .run("cat", log)
        .lines()
        .map(ANSWER::matcher)
        .filter(Matcher::matches)
        .map(
            line ->
                new Answer(
                    Double.parseDouble(line.group(1)),
                    line.group(2),
                    Integer.parseInt(line.group(3))))
        .toList();
  }

  /** Waits for so many more answers. */
  void awaitAnswers(int more) {
    int before = answers().size();
    Office.await("answers on the connection", () -> answers().size() >= before + more);
  }

  /** The longest time between two answers, in seconds. */
  double longestGap() {
    List<Answer> answers = answers();
    double longest = 0;
    for (int i = 1; i < answers.size(); i++) {
      longest = Math.max(longest, answers.get(i).at() - answers.get(i - 1).at());
    }
    return longest;
  }
}

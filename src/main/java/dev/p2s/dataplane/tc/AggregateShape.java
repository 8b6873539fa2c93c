package dev.p2s.dataplane.tc;

import dev.p2s.addressing.Cidr;
import dev.p2s.dataplane.kernel.NetdCommand.Shape;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One throughput for everything that goes through a pod's tunnels, in both directions together, as
 * lines for {@code tc -batch}: every tunnel device sends what it gets and gives through one
 * intermediate device, whose hierarchical token bucket holds the rate.
 *
 * <p>Clients share fairly: the last octet of a client's address chooses one of 256 classes, each
 * with a small rate of its own that may borrow all the others leave. Only parts that kernels have
 * seldom left out are used (htb, bfifo, u32, mirred, clsact).
 */
public final class AggregateShape {

  /** The intermediate device; no tunnel's name begins like it. */
  public static final String DEVICE = "aggregate0";

  private static final int CLIENT_CLASSES = 256;

  /**
   * Above the largest packet that the kernel puts together (64 KiB): with less, turns are counted
   * in packets and who sends large ones gets more.
   */
  private static final int QUANTUM_BYTES = 70_000;

  /** What a client may have waiting: a tenth of a second at the whole rate. */
  private static final int QUEUES_A_SECOND = 10;

  private static final long SHORTEST_QUEUE_BYTES = 150_000;
  private static final long SMALLEST_RATE = 8_000;

  private AggregateShape() {}

  /** The whole device, anew. */
  public static String device(Shape wanted) {
    return lines(
        List.of("qdisc add dev " + DEVICE + " root handle 1: htb default 1"),
        classes(wanted.bitsPerSecond()),
        hashTables(),
        wanted.pools().stream().filter(Cidr::isIpv4).flatMap(AggregateShape::links).toList(),
        wanted.pools().stream().anyMatch(pool -> !pool.isIpv4()) ? ipv6Tables() : List.of(),
        wanted.pools().stream()
            .filter(pool -> !pool.isIpv4())
            .flatMap(AggregateShape::ipv6Links)
            .toList());
  }

  /** Another rate for the device as it is. */
  public static String rate(Shape wanted) {
    return lines(classes(wanted.bitsPerSecond()));
  }

  /** Sends a tunnel's traffic through the device. */
  public static String attach(String tunnel) {
    return lines(
        List.of(
            "qdisc add dev " + tunnel + " clsact",
            redirect(tunnel, "ingress", "protocol ip prio 1"),
            redirect(tunnel, "egress", "protocol ip prio 1"),
            redirect(tunnel, "ingress", "protocol ipv6 prio 2"),
            redirect(tunnel, "egress", "protocol ipv6 prio 2")));
  }

  /** Lets a tunnel's traffic go its own way again. */
  public static String detach(String tunnel) {
    return lines(List.of("qdisc del dev " + tunnel + " clsact"));
  }

  private static List<String> classes(long rate) {
    long whole = Math.max(rate, SMALLEST_RATE * CLIENT_CLASSES);
    long queue = Math.max(SHORTEST_QUEUE_BYTES, whole / 8 / QUEUES_A_SECOND);
    String top = "class replace dev " + DEVICE + " parent 1: classid 1:ffff htb rate " + whole;
    return IntStream.rangeClosed(0, CLIENT_CLASSES)
        .boxed()
        .<String>mapMulti(
            (number, lines) -> {
              if (number == 0) {
                lines.accept(top + "bit ceil " + whole + "bit quantum " + QUANTUM_BYTES);
                return;
              }
              String minor = Integer.toHexString(number);
              lines.accept(
                  "class replace dev %s parent 1:ffff classid 1:%s htb rate %dbit ceil %dbit quantum %d"
                      .formatted(DEVICE, minor, whole / CLIENT_CLASSES, whole, QUANTUM_BYTES));
              lines.accept(
                  "qdisc replace dev %s parent 1:%s bfifo limit %d"
                      .formatted(DEVICE, minor, queue));
            })
        .toList();
  }

  // table 2 by where a packet comes from, table 3 by where it goes
  private static List<String> hashTables() {
    return tables("prio 1 ", "protocol ip", 2, 3);
  }

  // a client's IPv6 address ends as its IPv4 address does, so both have one class
  private static List<String> ipv6Tables() {
    return tables("prio 2 ", "protocol ipv6", 4, 5);
  }

  private static List<String> tables(String priority, String protocol, int... tables) {
    return IntStream.of(tables)
        .boxed()
        .<String>mapMulti(
            (table, lines) -> {
              lines.accept(
                  filter(priority, "handle " + table + ": " + protocol + " u32 divisor 256"));
              for (int bucket = 0; bucket < CLIENT_CLASSES; bucket++) {
                lines.accept(
                    filter(
                        priority,
                        "%s u32 ht %d:%x: match u32 0 0 flowid 1:%x"
                            .formatted(protocol, table, bucket, bucket + 1)));
              }
            })
        .toList();
  }

  private static Stream<String> links(Cidr pool) {
    String octet = "protocol ip u32 ht 800:: match ip %s %s hashkey mask 0x000000ff at %d link %d:";
    return Stream.of(
        filter("prio 1 ", octet.formatted("src", pool, 12, 2)),
        filter("prio 1 ", octet.formatted("dst", pool, 16, 3)));
  }

  // the word that an address ends in: 20 from the header's start for the source, 36 for the other
  private static Stream<String> ipv6Links(Cidr pool) {
    String octet =
        "protocol ipv6 u32 ht 801:: match ip6 %s %s hashkey mask 0x000000ff at %d link %d:";
    return Stream.of(
        filter("prio 2 ", octet.formatted("src", pool, 20, 4)),
        filter("prio 2 ", octet.formatted("dst", pool, 36, 5)));
  }

  private static String filter(String priority, String rest) {
    return "filter add dev " + DEVICE + " parent 1: " + priority + rest;
  }

  private static String redirect(String tunnel, String direction, String family) {
    return "filter add dev "
        + tunnel
        + " "
        + direction
        + " "
        + family
        + " u32 match u32 0 0 action mirred egress redirect dev "
        + DEVICE;
  }

  @SafeVarargs
  private static String lines(List<String>... parts) {
    return Stream.of(parts)
        .flatMap(List::stream)
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }
}

package dev.p2s.dataplane.nftables;

import dev.p2s.dataplane.kernel.Grant;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Grants as elements of the maps and the set that {@link GatewayRuleset} looks them up in. */
public final class GrantElements {

  /**
   * A grant as the kernel holds it.
   *
   * @param mark the connection mark of this one grant, not 0
   */
  public record Marked(Grant grant, int mark) {
    public Marked {
      if (mark == 0) {
        throw new IllegalArgumentException("mark 0 is that of connections without a grant");
      }
    }
  }

  private GrantElements() {}

  /** Lines that add the grants; nothing for none. */
  public static String add(Collection<Marked> grants) {
    return change("add", grants);
  }

  /** Lines that take the grants away; nothing for none. */
  public static String delete(Collection<Marked> grants) {
    return change("delete", grants);
  }

  /** Lines that begin to count what passes under grants, from nothing. */
  public static String count(Collection<Grant> grants) {
    return counters("add", grants);
  }

  /** Lines that end that. */
  public static String forget(Collection<Grant> grants) {
    return counters("delete", grants);
  }

  private static String counters(String verb, Collection<Grant> grants) {
    StringBuilder lines = new StringBuilder();
    for (AddressFamily family : AddressFamily.values()) {
      List<Grant> of =
          grants.stream().filter(g -> AddressFamily.of(g.address()) == family).toList();
      lines.append(elements(verb, family.packetsIn(), of, g -> g.address().toString()));
      lines.append(elements(verb, family.packetsOut(), of, g -> g.address().toString()));
    }
    return lines.toString();
  }

  private static String change(String verb, Collection<Marked> grants) {
    StringBuilder lines = new StringBuilder();
    for (AddressFamily family : AddressFamily.values()) {
      List<Marked> of =
          grants.stream().filter(g -> AddressFamily.of(g.grant().address()) == family).toList();
      lines.append(
          elements(verb, family.sessions(), of, g -> key(g.grant()) + " : " + hex(g.mark())));
      lines.append(
          elements(verb, family.granted(), of, g -> key(g.grant()) + " . " + hex(g.mark())));
      lines.append(
          elements(
              verb,
              family.groups(),
              of.stream().filter(g -> g.grant().group() != 0).toList(),
              g -> g.grant().address() + " : " + hex(g.grant().group())));
    }
    return lines.toString();
  }

  private static <T> String elements(
      String verb, String set, List<T> grants, Function<T, String> element) {
    return grants.isEmpty()
        ? ""
        : grants.stream()
            .map(element)
            .collect(
                Collectors.joining(
                    ", ", verb + " element " + GatewayRuleset.TABLE + " " + set + " { ", " }\n"));
  }

  private static String key(Grant grant) {
    return "\"" + grant.slot().tunnel() + "\" . " + grant.address();
  }

  private static String hex(int mark) {
    return "0x" + Integer.toHexString(mark);
  }
}

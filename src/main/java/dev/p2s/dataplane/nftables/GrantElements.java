package dev.p2s.dataplane.nftables;

import dev.p2s.dataplane.kernel.Grant;
import java.util.Collection;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    String addresses =
        grants.stream().map(grant -> grant.address().toString()).collect(Collectors.joining(", "));
    return addresses.isEmpty()
        ? ""
        : Stream.of(GatewayRuleset.PACKETS_IN, GatewayRuleset.PACKETS_OUT)
            .map(
                set ->
                    verb
                        + " element "
                        + GatewayRuleset.TABLE
                        + " "
                        + set
                        + " { "
                        + addresses
                        + " }\n")
            .collect(Collectors.joining());
  }

  private static String change(String verb, Collection<Marked> grants) {
    if (grants.isEmpty()) {
      return "";
    }
    return elements(verb, "sessions", grants, g -> key(g.grant()) + " : " + hex(g.mark()))
        + elements(verb, "granted", grants, g -> key(g.grant()) + " . " + hex(g.mark()))
        + elements(
            verb,
            "groups",
            grants.stream().filter(g -> g.grant().group() != 0).toList(),
            g -> g.grant().address() + " : " + hex(g.grant().group()));
  }

  private static String elements(
      String verb, String set, Collection<Marked> grants, Function<Marked, String> element) {
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

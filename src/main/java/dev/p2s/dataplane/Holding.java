package dev.p2s.dataplane;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.p2s.addressing.Cidr;
import java.util.List;

/**
 * Connections and addresses that one gateway pod may use: the most that it can have, whatever it
 * has.
 *
 * @param connections how many
 * @param blocks ranges of the client address pools, without overlap
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Holding(int connections, List<Cidr> blocks) {

  /** Nothing at all. */
  public static final Holding NONE = new Holding(0, List.of());

  public Holding {
    blocks = blocks == null ? List.of() : List.copyOf(blocks);
  }
}

package dev.p2s.dataplane;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.p2s.addressing.Cidr;
import java.util.List;

/**
 * What one ordinal of the StatefulSet may use of a column of the SKU's connections and of the
 * addresses for them.
 *
 * @param ordinal of the pod, 0 and up
 * @param now what it may use when it follows this state
 * @param before the most that it could hold when this state was written; until it says that it has
 *     let go of the difference, nobody else gets that
 * @param guests single addresses in {@code now} that people took along from another ordinal's
 *     blocks; the operator's own note
 * @param lent single addresses of its own blocks that are not in {@code now}, since somebody took
 *     them along to another ordinal; the operator's own note
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Share(int ordinal, Holding now, Holding before, List<Cidr> guests, List<Cidr> lent) {

  public Share {
    guests = guests == null ? List.of() : List.copyOf(guests);
    lent = lent == null ? List.of() : List.copyOf(lent);
  }

  /** Of whole blocks only. */
  public Share(int ordinal, Holding now, Holding before) {
    this(ordinal, now, before, List.of(), List.of());
  }
}

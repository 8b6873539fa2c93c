package dev.p2s.dataplane;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/**
 * Where a root's revocation list is.
 *
 * @param urls http or https, in the order in which they are tried
 * @param refuseWithout whether nobody new is admitted while no valid list is there
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RevocationSource(List<String> urls, boolean refuseWithout) {
  public RevocationSource {
    urls = urls == null ? List.of() : List.copyOf(urls);
  }
}

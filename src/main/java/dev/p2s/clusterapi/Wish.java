package dev.p2s.clusterapi;

import java.util.Arrays;
import java.util.List;

/**
 * How a client wants to be answered, and what it sent along.
 *
 * @param table whether as a table
 * @param body bytes of the request, none for most
 */
record Wish(boolean table, byte[] body) {

  /**
   * @param accept the header {@code Accept}; empty for whatever there is
   * @throws ApiFailure where nothing that it names can be made
   */
  static Wish of(String accept, byte[] body) {
    if (accept.isBlank()) {
      return new Wish(false, body);
    }
    for (String offer : accept.split(",")) {
      List<String> words = Arrays.stream(offer.split(";")).map(String::strip).toList();
      if (!List.of("application/json", "application/*", "*/*").contains(words.getFirst())) {
        continue;
      }
      if (words.contains("as=Table") && words.contains("g=meta.k8s.io") && words.contains("v=v1")) {
        return new Wish(true, body);
      }
      if (words.stream().noneMatch(word -> word.startsWith("as="))) {
        return new Wish(false, body);
      }
    }
    throw ApiFailure.notAcceptable("only application/json can be had, as objects or as tables");
  }
}

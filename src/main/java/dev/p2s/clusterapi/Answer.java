package dev.p2s.clusterapi;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/** What a request is answered with. */
sealed interface Answer {

  /**
   * One document.
   *
   * @param status of HTTP
   * @param body written as JSON
   */
  record Document(int status, Object body) implements Answer {}

  /**
   * Documents as they come, one a line.
   *
   * @param begin given who takes the documents, on any thread; what it returns ends it
   * @param atMost how long it goes on
   */
  record Watch(Function<Consumer<Object>, Runnable> begin, Duration atMost) implements Answer {}

  static Answer ok(Object body) {
    return new Document(200, body);
  }
}

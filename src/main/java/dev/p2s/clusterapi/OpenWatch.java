package dev.p2s.clusterapi;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * A watch that somebody has open: one event a line, until its time is over, the client leaves, or
 * it does not keep up and has to list anew.
 */
final class OpenWatch {

  private static final int QUEUE_BYTES = 4 * 1024 * 1024;

  private final Vertx vertx;
  private final Context context;
  private final HttpServerResponse response;
  private final Function<Object, Buffer> encode;
  private final AtomicBoolean over = new AtomicBoolean();

  OpenWatch(Vertx vertx, HttpServerResponse response, Function<Object, Buffer> encode) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.response = response;
    this.encode = encode;
  }

  void run(Answer.Watch watch) {
    response.setChunked(true).setWriteQueueMaxSize(QUEUE_BYTES);
    // the head goes at once: clients wait for it
    response.write(Buffer.buffer());
    Runnable stop =
        watch.begin().apply(event -> context.runOnContext(none -> write(encode.apply(event))));
    long timer = vertx.setTimer(watch.atMost().toMillis(), none -> end());
    response.closeHandler(none -> stopped(stop, timer));
    response.exceptionHandler(none -> stopped(stop, timer));
    response.endHandler(none -> stopped(stop, timer));
  }

  private void write(Buffer line) {
    if (over.get()) {
      return;
    }
    if (response.writeQueueFull()) {
      end();
      return;
    }
    response.write(line.appendByte((byte) '\n'));
  }

  private void end() {
    if (!over.get() && !response.ended()) {
      response.end();
    }
  }

  private void stopped(Runnable stop, long timer) {
    if (over.compareAndSet(false, true)) {
      vertx.cancelTimer(timer);
      stop.run();
    }
  }
}

package dev.p2s.sstp.server;

import io.netty.channel.Channel;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Connections that are not calls yet. There is room for so many; one more closes the oldest, so
 * that who opens connections and says nothing keeps nobody out for long.
 */
final class Lobby {

  private final int room;
  private final Set<Channel> waiting = new LinkedHashSet<>();

  Lobby(int room) {
    this.room = room;
  }

  void enter(Channel channel) {
    Channel oldest = null;
    synchronized (waiting) {
      waiting.add(channel);
      if (waiting.size() > room) {
        Iterator<Channel> first = waiting.iterator();
        oldest = first.next();
        first.remove();
      }
    }
    if (oldest != null) {
      var _ = oldest.close();
    }
    channel.closeFuture().addListener(closed -> leave(channel));
  }

  void leave(Channel channel) {
    synchronized (waiting) {
      waiting.remove(channel);
    }
  }

  int size() {
    synchronized (waiting) {
      return waiting.size();
    }
  }
}

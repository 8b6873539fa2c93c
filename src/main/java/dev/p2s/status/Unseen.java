package dev.p2s.status;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was written last and may not be in the cache yet. An object that is deleted within this
 * moment leaves its entry behind; the oldest go first.
 *
 * @param <S> the status
 */
final class Unseen<S> {

  private static final int MOST = 512;

  private final Map<String, S> written =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, S> eldest) {
          return size() > MOST;
        }
      };

  /** The last write; what the cache has, where that is it or nothing was written. */
  synchronized S orSeen(String uid, S cached) {
    S last = written.get(uid);
    if (last == null) {
      return cached;
    }
    if (last.equals(cached)) {
      written.remove(uid);
    }
    return last;
  }

  synchronized void written(String uid, S status) {
    written.remove(uid);
    written.put(uid, status);
  }
}

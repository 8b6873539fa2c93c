package dev.p2s.dataplane;

import java.util.Locale;

/** What the operator says to an agent about a session: {@code POST /v1/sessions/{id}/{word}}. */
public enum SessionWord {
  /** Somebody ends it; its client may dial again. */
  DISCONNECT,
  /** The same user has a newer one at another pod; its client shall not dial again. */
  REPLACE,
  /** Its client is at another pod by now and waits there for the address. */
  MOVED;

  /** The request's path. */
  public String path(String session) {
    return "/v1/sessions/" + session + "/" + name().toLowerCase(Locale.ROOT);
  }
}

package dev.p2s.sstp.server;

import dev.p2s.sstp.binding.HigherLayerKey;
import dev.p2s.sstp.ppp.Lease;
import dev.p2s.sstp.ppp.Login;
import java.util.function.Consumer;

/** Who decides on callers. Called on the callers' event loops; answers may come on any thread. */
public interface Gatekeeper {

  /**
   * Somebody asks to be let in.
   *
   * @param answer to be told once; too late is harmless
   */
  void ask(Caller caller, Login login, Consumer<Verdict> answer);

  /** The crypto binding holds and the client has its address: packets pass from now on. */
  void connected(Caller caller);

  /** A caller who has asked is gone. */
  void gone(Caller caller, String why);

  /** What is decided. */
  sealed interface Verdict {

    /**
     * A relayed conversation goes on; the caller asks again with the client's answer.
     *
     * @param eap the whole request
     */
    record More(byte[] eap) implements Verdict {}

    /**
     * @param proof MSCHAPv2's {@code S=…} from whoever knows the password; empty for PAP
     * @param key what the client has to bind its call with
     */
    record Welcome(Lease lease, String proof, HigherLayerKey key) implements Verdict {}

    /**
     * @param lasting whether the login was wrong, rather than the time
     * @param sentence for the person
     */
    record Sorry(boolean lasting, String sentence) implements Verdict {}
  }
}

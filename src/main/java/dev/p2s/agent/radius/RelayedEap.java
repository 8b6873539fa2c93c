package dev.p2s.agent.radius;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * EAP conversations of clients that bring whole packets, one conversation a client. Used on the
 * agent's loop only; answers come back to it.
 */
public final class RelayedEap implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(RelayedEap.class);
  private static final int HEADER = 5;
  private static final int TYPE = 4;
  private static final int IDENTITY = 1;

  private final EapRelay relay;
  private final Executor loop;
  private final Map<Long, Talk> talks = new HashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * @param user the client's EAP identity
   * @param conversation which challenge it answers next
   */
  private record Talk(String user, Optional<String> conversation) {}

  public RelayedEap(
      RadiusServers servers,
      EapAdmission admission,
      Executor loop,
      Clock clock,
      SecureRandom random) {
    this.relay = new EapRelay(servers, admission, clock, random);
    this.loop = loop;
  }

  /**
   * Passes a client's packet on.
   *
   * @param packet a whole EAP response
   * @param then told of the answer on the loop, unless the client is forgotten before
   */
  public void take(EapClient client, byte[] packet, Consumer<EapStep> then) {
    if (packet.length >= HEADER && packet[TYPE] == IDENTITY) {
      String user =
          new String(Arrays.copyOfRange(packet, HEADER, packet.length), StandardCharsets.UTF_8);
      talks.put(client.number(), new Talk(user, Optional.empty()));
    }
    Talk talk = talks.get(client.number());
    if (talk == null) {
      then.accept(new EapStep.Refuse(new byte[0]));
      return;
    }
    EapStep.Said said = new EapStep.Said(client, talk.user(), packet, talk.conversation());
    try {
      threads.execute(() -> loop.execute(answered(client, talk, relayed(said), then)));
    } catch (RejectedExecutionException e) {
      LOG.debug("the agent ends; the client meets the next one");
    }
  }

  /** The client has gone: whatever the answer will be, it is too late. */
  public void forget(long number) {
    talks.remove(number);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private EapStep relayed(EapStep.Said said) {
    try {
      return relay.answer(said);
    } catch (RuntimeException e) {
      LOG.errorf("an EAP login failed: %s", e.getClass().getName());
      return new EapStep.Refuse(new byte[0]);
    }
  }

  private Runnable answered(EapClient client, Talk asked, EapStep step, Consumer<EapStep> then) {
    return () -> {
      // another conversation of the same client has begun meanwhile, or none is left
      if (talks.get(client.number()) != asked) {
        return;
      }
      if (step instanceof EapStep.Ask(byte[] eap, String conversation)) {
        talks.put(client.number(), new Talk(asked.user(), Optional.of(conversation)));
      } else {
        talks.remove(client.number());
      }
      then.accept(step);
    };
  }
}

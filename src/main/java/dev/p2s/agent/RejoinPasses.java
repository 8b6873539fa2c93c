package dev.p2s.agent;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.p2s.agent.session.RejoinPass;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.dataplane.StateSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The passes of the gateway that the state in force names. Without a key there are none. Those of
 * people whom a RADIUS server has sent away count no more, in this pod and in an agent that is
 * started anew; those of people with a token's login hold only while what tokens must say is the
 * same.
 */
final class RejoinPasses {

  private static final Logger LOG = Logger.getLogger(RejoinPasses.class);
  private static final int REMEMBERED = 10_000;

  private final Path file;
  private final SecureRandom random;
  private final Clock clock;
  private final ObjectMapper json = JsonMapper.builder().build();
  private final Map<String, Long> sentAway = new LinkedHashMap<>();
  private RejoinPass pass;
  private RejoinPass ofTokens;
  private String basis;

  /**
   * @param file where it is kept who was sent away
   */
  RejoinPasses(Path file, SecureRandom random, Clock clock) {
    this.file = file;
    this.random = random;
    this.clock = clock;
  }

  /** Takes up what an earlier agent of this pod knew. */
  void load() {
    try {
      if (Files.exists(file)) {
        sentAway.putAll(
            json.readValue(Files.readAllBytes(file), new TypeReference<Map<String, Long>>() {}));
      }
    } catch (IOException e) {
      LOG.errorf("whose passes are void cannot be read: %s", e.getMessage());
    }
  }

  /** Passes that these people have by now open the door no more: they log in anew. */
  void sendAway(Collection<String> users) {
    long oldest = clock.millis() - RejoinPass.VALIDITY.toMillis();
    sentAway.values().removeIf(at -> at < oldest);
    users.forEach(user -> sentAway.put(key(user), clock.millis()));
    while (sentAway.size() > REMEMBERED) {
      sentAway.remove(sentAway.keySet().iterator().next());
    }
    try {
      AtomicFile.write(file, json.writeValueAsBytes(sentAway));
    } catch (IOException e) {
      LOG.warnf("whose passes are void is not kept for a restart: %s", e.getMessage());
    }
  }

  void follow(StateBundle bundle) {
    String key = bundle.entries().get(StateSecret.PASS_KEY);
    String gateway = bundle.state().namespace() + "/" + bundle.state().gateway();
    basis = bundle.state().tokenIssuer() == null ? null : bundle.state().tokenIssuer().basis();
    pass = key == null ? null : pass(key, gateway);
    ofTokens = key == null || basis == null ? null : pass(key, gateway + "/" + basis);
  }

  Optional<String> seal(RejoinPass.Login login) {
    return Optional.ofNullable(login.person().basis() == null ? pass : ofTokens)
        .flatMap(made -> made.seal(login));
  }

  Optional<RejoinPass.Login> open(String user, String text) {
    return Optional.ofNullable(pass)
        .flatMap(made -> made.open(user, text))
        .or(
            () ->
                Optional.ofNullable(ofTokens)
                    .flatMap(made -> made.open(user, text))
                    .map(login -> login.standingOn(basis)))
        .filter(
            login -> {
              Long at = sentAway.get(key(login.person().user()));
              return at == null || login.loggedInMillis() > at;
            });
  }

  private static String key(String user) {
    return user.toLowerCase(Locale.ROOT);
  }

  private RejoinPass pass(String key, String gateway) {
    return new RejoinPass(Base64.getMimeDecoder().decode(key), gateway, random);
  }
}

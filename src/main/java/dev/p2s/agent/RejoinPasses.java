package dev.p2s.agent;

import dev.p2s.agent.session.RejoinPass;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.dataplane.StateSecret;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** The passes of the gateway that the state in force names. Without a key there are none. */
final class RejoinPasses {

  private final SecureRandom random;
  private RejoinPass pass;

  RejoinPasses(SecureRandom random) {
    this.random = random;
  }

  void follow(StateBundle bundle) {
    String key = bundle.entries().get(StateSecret.PASS_KEY);
    pass =
        key == null
            ? null
            : new RejoinPass(
                Base64.getMimeDecoder().decode(key),
                bundle.state().namespace() + "/" + bundle.state().gateway(),
                random);
  }

  Optional<String> seal(RejoinPass.Login login) {
    return Optional.ofNullable(pass).flatMap(made -> made.seal(login));
  }

  Optional<RejoinPass.Login> open(String user, String text) {
    return Optional.ofNullable(pass).flatMap(made -> made.open(user, text));
  }
}

package dev.p2s.agent;

import dev.p2s.agent.session.RejoinPass;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.dataplane.StateSecret;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * The passes of the gateway that the state in force names. Without a key there are none. Those of
 * people with a token's login hold only while what tokens must say is the same.
 */
final class RejoinPasses {

  private final SecureRandom random;
  private RejoinPass pass;
  private RejoinPass ofTokens;
  private String basis;

  RejoinPasses(SecureRandom random) {
    this.random = random;
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
                    .map(login -> login.standingOn(basis)));
  }

  private RejoinPass pass(String key, String gateway) {
    return new RejoinPass(Base64.getMimeDecoder().decode(key), gateway, random);
  }
}

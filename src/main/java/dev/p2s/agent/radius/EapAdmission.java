package dev.p2s.agent.radius;

import dev.p2s.agent.session.Person;
import dev.p2s.agent.session.Refusal;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.util.Optional;
import java.util.function.Consumer;

/** Who decides on people whom a RADIUS server has vouched for. Called by several threads. */
public interface EapAdmission {

  /**
   * @param then told once: the client's address, or nothing where it is refused
   */
  void decide(EapClient client, Person person, Consumer<Optional<TunnelAddress>> then);

  /**
   * A server has refused somebody, or none could be asked.
   *
   * @param claimed the name that they gave, which nobody has verified
   */
  void refused(EapClient client, String claimed, Refusal why);
}

package dev.p2s;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.literal.NamedLiteral;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** One application in two roles: operator and agent. Only the chosen role's beans are made. */
@QuarkusMain
public class Application implements QuarkusApplication {

  private static final Logger LOG = Logger.getLogger(Application.class);

  private final Instance<Role> roles;
  private final String name;

  public Application(
      @Any Instance<Role> roles,
      @ConfigProperty(name = "p2s.role", defaultValue = "operator") String name) {
    this.roles = roles;
    this.name = name;
  }

  @Override
  public int run(String... arguments) {
    Instance<Role> chosen = roles.select(NamedLiteral.of(name));
    if (!chosen.isResolvable()) {
      LOG.errorf("P2S_ROLE=%s is no role of this image: operator or agent", name);
      return 2;
    }
    Role role = chosen.get();
    role.start();
    Quarkus.waitForExit();
    role.stop();
    return 0;
  }
}

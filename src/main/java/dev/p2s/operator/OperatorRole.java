package dev.p2s.operator;

import dev.p2s.Role;
import io.javaoperatorsdk.operator.Operator;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Named;
import jakarta.inject.Singleton;

/** Reconciles the custom resources. */
@Singleton
@Named("operator")
public class OperatorRole implements Role {

  private final Instance<Operator> operator;
  private final Leadership leadership;
  private final OperatorPulse pulse;

  public OperatorRole(Instance<Operator> operator, Leadership leadership, OperatorPulse pulse) {
    this.operator = operator;
    this.leadership = leadership;
    this.pulse = pulse;
  }

  @Override
  public void start() {
    pulse.follow(operator.get().getRuntimeInfo());
    operator.get().start();
  }

  @Override
  public void stop() {
    leadership.resign();
    operator.get().stop();
    leadership.release();
  }
}

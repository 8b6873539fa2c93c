package dev.p2s.operator;

import dev.p2s.Role;
import dev.p2s.clusterapi.ClusterApi;
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
  private final ClusterApi api;

  public OperatorRole(
      Instance<Operator> operator, Leadership leadership, OperatorPulse pulse, ClusterApi api) {
    this.operator = operator;
    this.leadership = leadership;
    this.pulse = pulse;
    this.api = api;
  }

  @Override
  public void start() {
    pulse.follow(operator.get().getRuntimeInfo());
    operator.get().start();
    api.start(leadership::leads);
  }

  @Override
  public void stop() {
    api.stop();
    leadership.resign();
    operator.get().stop();
    leadership.release();
  }
}

package dev.p2s.gateway;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Connections of each gateway over all its pods, and what its SKU takes. An adapter makes an
 * external metric of the first, by which the gateway's autoscaler goes.
 */
@ApplicationScoped
public class GatewayMeters {

  private record Figures(AtomicInteger connections, AtomicInteger limit) {}

  private final MeterRegistry registry;
  private final Map<ResourceID, Figures> gateways = new ConcurrentHashMap<>();

  public GatewayMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void measured(ResourceID gateway, int connections, int limit) {
    Figures figures = gateways.computeIfAbsent(gateway, this::register);
    figures.connections().set(connections);
    figures.limit().set(limit);
  }

  /** Forgets every gateway that is not among those that exist. */
  void retain(Set<ResourceID> existing) {
    gateways.keySet().stream().filter(gateway -> !existing.contains(gateway)).forEach(this::forget);
  }

  private Figures register(ResourceID gateway) {
    Figures figures = new Figures(new AtomicInteger(), new AtomicInteger());
    Gauge.builder("p2s.gateway.connections", figures.connections(), AtomicInteger::get)
        .description("Connections over all pods of the gateway")
        .tags(tags(gateway))
        .register(registry);
    Gauge.builder("p2s.gateway.connection.limit", figures.limit(), AtomicInteger::get)
        .description("Connections that the gateway's SKU takes")
        .tags(tags(gateway))
        .register(registry);
    return figures;
  }

  private void forget(ResourceID gateway) {
    gateways.remove(gateway);
    registry.find("p2s.gateway.connections").tags(tags(gateway)).gauges().forEach(registry::remove);
    registry
        .find("p2s.gateway.connection.limit")
        .tags(tags(gateway))
        .gauges()
        .forEach(registry::remove);
  }

  private static Tags tags(ResourceID gateway) {
    return Tags.of("namespace", gateway.getNamespace().orElse(""), "gateway", gateway.getName());
  }
}

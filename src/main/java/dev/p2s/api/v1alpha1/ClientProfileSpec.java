package dev.p2s.api.v1alpha1;

/** Whose profile, and how the person proves who they are. */
public record ClientProfileSpec(
    GatewayRef gatewayRef,
    String user,
    AuthenticationType authenticationType,
    Certificate certificate,
    Boolean suspended) {

  /** {@code namespace}: the profile's own where absent. */
  public record GatewayRef(String name, String namespace) {}

  /** At most one of the members; absent means issued from the only root that holds a key. */
  public record Certificate(None none, Issued issued) {}

  public record None() {}

  /** Durations in Go notation; {@code duration} default 2160h, {@code renewBefore} 720h. */
  public record Issued(RootRef rootRef, String duration, String renewBefore) {}

  public record RootRef(String name) {}
}

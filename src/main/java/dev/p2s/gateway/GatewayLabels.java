package dev.p2s.gateway;

import java.util.Map;
import java.util.TreeMap;

/** The labels of everything that the operator makes for a gateway. */
public final class GatewayLabels {

  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  public static final String OPERATOR = "p2s-gateway-operator";

  /** The gateway's name. */
  public static final String GATEWAY = "p2s.dev/gateway";

  /** On pods, Services that select them and their StatefulSet. */
  public static final String COMPONENT = "app.kubernetes.io/component";

  public static final String COMPONENT_GATEWAY = "gateway";

  private GatewayLabels() {}

  /** Labels of an object that belongs to a gateway. */
  public static Map<String, String> of(String gateway) {
    return sorted(Map.of(MANAGED_BY, OPERATOR, GATEWAY, gateway));
  }

  /** Labels that select a gateway's pods; a StatefulSet's selector never changes, nor do these. */
  public static Map<String, String> selector(String gateway) {
    return sorted(Map.of(COMPONENT, COMPONENT_GATEWAY, GATEWAY, gateway));
  }

  /** Labels of a gateway's pod. */
  public static Map<String, String> pod(String gateway) {
    return sorted(Map.of(MANAGED_BY, OPERATOR, GATEWAY, gateway, COMPONENT, COMPONENT_GATEWAY));
  }

  /** The selector in the text form that the scale subresource wants. */
  public static String selectorText(String gateway) {
    return COMPONENT + "=" + COMPONENT_GATEWAY + "," + GATEWAY + "=" + gateway;
  }

  // Map.of has another order in every JVM; what is rendered has one
  private static Map<String, String> sorted(Map<String, String> labels) {
    return new TreeMap<>(labels);
  }
}

package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.P2SGatewayStatus;
import dev.p2s.dataplane.AgentReport;
import dev.p2s.dataplane.AgentReport.RadiusReach;
import dev.p2s.dataplane.AgentReport.Reach;
import dev.p2s.status.Conditions;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Whether a gateway's RADIUS servers answer, as all of its pods see them together: the worst
 * counts, and the newest answer.
 */
record RadiusReachability(List<RadiusReach> servers, List<String> sourceAddresses) {

  static final String CONDITION = "RadiusReachable";

  private static final String COMPARE = " as RADIUS client, compare the secret";

  /** Empty where nobody logs in by RADIUS. */
  static Optional<RadiusReachability> of(
      ResolvedGateway gateway, Collection<AgentReport> reports, List<Pod> pods) {
    if (gateway.radius() == null) {
      return Optional.empty();
    }
    Map<String, RadiusReach> byAddress = new LinkedHashMap<>();
    reports.stream()
        .sorted(Comparator.comparing(AgentReport::pod))
        .flatMap(report -> report.radius().stream())
        .forEach(seen -> byAddress.merge(seen.address(), seen, RadiusReachability::worse));
    return Optional.of(
        new RadiusReachability(List.copyOf(byAddress.values()), sourceAddresses(pods)));
  }

  /** For the status; {@code reachable} is absent while nobody knows. */
  P2SGatewayStatus.Radius status() {
    return new P2SGatewayStatus.Radius(
        servers.stream()
            .map(
                server ->
                    new P2SGatewayStatus.RadiusServer(
                        server.address(),
                        switch (server.reach()) {
                          case UNKNOWN, UNHEARD -> null;
                          case ANSWERS -> true;
                          case SILENT -> false;
                        },
                        server.lastReply() == null ? null : server.lastReply().toString()))
            .toList(),
        sourceAddresses);
  }

  /** Not said before a pod has asked them. */
  void tell(Conditions conditions) {
    List<String> silent = sentences(Reach.SILENT, this::silent);
    List<String> unheard = sentences(Reach.UNHEARD, this::unheard);
    List<String> answering = sentences(Reach.ANSWERS, RadiusReach::address);
    if (!silent.isEmpty()) {
      conditions.no(CONDITION, GatewayReason.NoReply, String.join("; ", silent));
    } else if (!unheard.isEmpty()) {
      conditions.unknown(CONDITION, GatewayReason.NoReply, String.join("; ", unheard));
    } else if (!servers.isEmpty() && answering.size() == servers.size()) {
      conditions.yes(
          CONDITION, GatewayReason.RadiusAnswers, String.join(", ", answering) + " answered");
    }
  }

  private List<String> sentences(Reach reach, Function<RadiusReach, String> sentence) {
    return servers.stream().filter(server -> server.reach() == reach).map(sentence).toList();
  }

  private String silent(RadiusReach server) {
    return server.lastReply() == null
        ? server.address()
            + " never answered in 3 tries; NPS drops unknown clients silently: add "
            + sources()
            + COMPARE
        : server.address()
            + " has not answered since "
            + server.lastReply()
            + "; look whether it runs and whether the way to it is open";
  }

  private String unheard(RadiusReach server) {
    return server.address()
        + " has answered no Status-Server in 3 tries, which NPS never does: the first login will"
        + " tell; if it fails, add "
        + sources()
        + COMPARE;
  }

  private String sources() {
    return sourceAddresses.isEmpty()
        ? "the addresses of the pods' nodes"
        : String.join(" and ", sourceAddresses);
  }

  // a network that hides pods shows their nodes; which it is, only the servers see
  private static List<String> sourceAddresses(List<Pod> pods) {
    List<PodStatus> known = pods.stream().map(Pod::getStatus).filter(Objects::nonNull).toList();
    return Stream.<Function<PodStatus, String>>of(PodStatus::getHostIP, PodStatus::getPodIP)
        .flatMap(address -> known.stream().map(address).filter(Objects::nonNull).sorted())
        .distinct()
        .toList();
  }

  private static RadiusReach worse(RadiusReach one, RadiusReach other) {
    List<Instant> replies = new ArrayList<>();
    Stream.of(one, other)
        .map(RadiusReach::lastReply)
        .filter(Objects::nonNull)
        .forEach(replies::add);
    return new RadiusReach(
        one.address(),
        one.reach().compareTo(other.reach()) >= 0 ? one.reach() : other.reach(),
        replies.stream().max(Comparator.naturalOrder()).orElse(null));
  }
}

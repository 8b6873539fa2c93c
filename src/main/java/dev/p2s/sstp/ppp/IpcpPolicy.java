package dev.p2s.sstp.ppp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The client's addresses (RFC 1332) and its resolvers (RFC 1877). */
record IpcpPolicy(Lease lease) implements OptionPolicy {

  static final int ADDRESS = 3;
  static final int PRIMARY_DNS = 129;
  static final int SECONDARY_DNS = 131;

  @Override
  public List<Option> wanted() {
    return List.of(Option.of32(ADDRESS, lease.gateway()));
  }

  @Override
  public Verdict judge(List<Option> wishes) {
    List<Option> unknown = new ArrayList<>();
    List<Option> rather = new ArrayList<>();
    boolean asksForAddress = false;
    for (Option wish : wishes) {
      asksForAddress |= wish.type() == ADDRESS;
      Optional<Option> given = given(wish.type());
      if (given.isEmpty() || wish.value().length != 4) {
        unknown.add(wish);
      } else if (!given.get().equals(wish)) {
        rather.add(given.get());
      }
    }
    if (!asksForAddress) {
      rather.add(Option.of32(ADDRESS, lease.client()));
    }
    return Verdict.of(wishes, unknown, rather);
  }

  @Override
  public Optional<List<Option>> afterNak(List<Option> asked, List<Option> rather) {
    return Optional.of(asked);
  }

  @Override
  public Optional<List<Option>> afterReject(List<Option> asked, List<Option> unknown) {
    return Optional.of(asked.stream().filter(option -> !unknown.contains(option)).toList());
  }

  private Optional<Option> given(int type) {
    return switch (type) {
      case ADDRESS -> Optional.of(Option.of32(ADDRESS, lease.client()));
      case PRIMARY_DNS -> lease.dns().stream().findFirst().map(dns -> Option.of32(type, dns));
      case SECONDARY_DNS ->
          lease.dns().stream().skip(1).findFirst().map(dns -> Option.of32(type, dns));
      default -> Optional.empty();
    };
  }
}

package dev.p2s.gateway;

import dev.p2s.addressing.Cidr;
import dev.p2s.addressing.Fqdn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a Pod's {@code /etc/resolv.conf} says of its cluster (resolv.conf(5)): the kubelet writes
 * the cluster's resolver and the search list {@code <namespace>.svc.<domain> svc.<domain>
 * <domain>}.
 */
record ResolverConfiguration(List<String> servers, List<String> search) {

  ResolverConfiguration {
    servers = List.copyOf(servers);
    search = List.copyOf(search);
  }

  static ResolverConfiguration parse(String text) {
    List<String> servers = new ArrayList<>();
    List<String> search = List.of();
    for (String line : text.lines().map(String::strip).toList()) {
      String[] words = line.split("\\s+");
      if (words[0].equals("nameserver") && words.length > 1) {
        try {
          servers.add(Cidr.numeric(words[1]).getHostAddress());
        } catch (IllegalArgumentException ignored) {
          // a scoped or damaged entry is of no use to a VPN client
        }
      } else if (words[0].equals("search")) {
        search = List.of(words).subList(1, words.length);
      }
    }
    return new ResolverConfiguration(servers, search);
  }

  /** The domain behind {@code svc.} in the search list; empty outside a cluster. */
  Optional<Fqdn> clusterDomain() {
    return search.stream()
        .filter(name -> name.startsWith("svc."))
        .map(name -> Fqdn.parse(name.substring("svc.".length())))
        .findFirst();
  }
}

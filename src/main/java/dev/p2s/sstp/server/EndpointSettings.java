package dev.p2s.sstp.server;

import dev.p2s.sstp.binding.HashProtocol;
import dev.p2s.sstp.ppp.AuthenticationProtocol;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/**
 * What new connections are met with; those that there are go on as they began.
 *
 * @param identities certificates and keys, at most one an algorithm
 * @param tlsVersions Java's names, {@code TLSv1.3} and {@code TLSv1.2}
 * @param tlsSuites Java's names, in order of preference; suites of TLS 1.3 are added to them
 * @param authentication how clients may authenticate, the best first
 * @param clientRoots what certificates of clients must be issued by; empty where EAP, if at all, is
 *     relayed
 * @param hashes what a crypto binding may be made with
 * @param name the server's, for MSCHAPv2
 * @param mtu the longest packet in bytes
 */
public record EndpointSettings(
    List<TlsIdentity> identities,
    List<String> tlsVersions,
    List<String> tlsSuites,
    List<AuthenticationProtocol> authentication,
    List<X509Certificate> clientRoots,
    Set<HashProtocol> hashes,
    String name,
    int mtu) {

  /**
   * A packet, PPP's and SSTP's header and TLS 1.2's own (29 bytes with GCM, 69 with CBC) fit one
   * TCP segment of Ethernet (1448 bytes with timestamps).
   */
  public static final int MTU = 1370;

  public EndpointSettings {
    identities = List.copyOf(identities);
    tlsVersions = List.copyOf(tlsVersions);
    tlsSuites = List.copyOf(tlsSuites);
    authentication = List.copyOf(authentication);
    clientRoots = List.copyOf(clientRoots);
    hashes = Set.copyOf(hashes);
    if (identities.isEmpty() || authentication.isEmpty() || hashes.isEmpty()) {
      throw new IllegalArgumentException("an endpoint has an identity, a login and a hash");
    }
    if (!authentication.contains(AuthenticationProtocol.EAP) && !clientRoots.isEmpty()) {
      throw new IllegalArgumentException("roots of clients need EAP");
    }
  }
}

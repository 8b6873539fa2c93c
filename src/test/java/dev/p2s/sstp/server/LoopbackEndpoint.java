package dev.p2s.sstp.server;

import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.pki.Pem;
import dev.p2s.sstp.binding.HashProtocol;
import dev.p2s.sstp.ppp.AuthenticationProtocol;
import dev.p2s.sstp.ppp.Login;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An endpoint on this machine with a network in which everybody answers pings. */
public final class LoopbackEndpoint implements AutoCloseable {

  public static final String NAME = "gw.default.p2s";

  final KnownPeople people = new KnownPeople(Map.of("alice", "wonderland", "bob", "b"));
  final EchoingDevice device = new EchoingDevice();
  final SstpEndpoint endpoint;
  private final SecureRandom random = new SecureRandom();
  private final CertificateAuthority authority =
      CertificateAuthority.selfSigned(
          "Server CA", KeyKind.EC_P256, Duration.ofDays(2), Instant.now(), random);

  private final CertificateAuthority office =
      CertificateAuthority.selfSigned(
          "Office", KeyKind.RSA_2048, Duration.ofDays(2), Instant.now(), random);

  public LoopbackEndpoint() throws IOException {
    endpoint =
        new SstpEndpoint(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            1,
            settings(
                List.of(
                    AuthenticationProtocol.EAP,
                    AuthenticationProtocol.MSCHAPV2,
                    AuthenticationProtocol.PAP),
                List.of("TLSv1.3", "TLSv1.2")),
            people,
            device,
            random,
            failure -> {});
  }

  EndpointSettings settings(List<AuthenticationProtocol> authentication, List<String> versions) {
    return new EndpointSettings(
        List.of(identity()),
        versions,
        List.of("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
        authentication,
        authentication.contains(AuthenticationProtocol.EAP)
            ? List.of(office.certificate())
            : List.of(),
        Set.of(HashProtocol.values()),
        "gw",
        EndpointSettings.MTU);
  }

  TlsIdentity identity() {
    CertificateAuthority.Leaf leaf =
        authority.issueServer(
            NAME, List.of(NAME), KeyKind.EC_P256, Duration.ofDays(1), Instant.now(), random);
    return new TlsIdentity(leaf.key(), List.of(leaf.certificate()));
  }

  /** A client's certificate of a root that is trusted, or of another, with its key. */
  public CertificateAuthority.Leaf client(String name, boolean trusted) {
    CertificateAuthority issuer =
        trusted
            ? office
            : CertificateAuthority.selfSigned(
                "Office", KeyKind.RSA_2048, Duration.ofDays(2), Instant.now(), random);
    return issuer.issueClient(name, KeyKind.RSA_2048, Duration.ofDays(1), Instant.now(), random);
  }

  /** The certificates that callers have shown. */
  public List<Login.Certificate> shown() {
    return people.shown;
  }

  /** How many are in. */
  public int connected() {
    return people.connected.size();
  }

  /** Lets everybody go who is in. */
  public void hangUp() {
    people.connected.values().forEach(Caller::hangUp);
  }

  /** The certificate that its own is issued by, PEM. */
  public String authority() {
    return Pem.certificate(authority.certificate());
  }

  public int port() {
    return endpoint.address().getPort();
  }

  @Override
  public void close() {
    endpoint.close();
  }
}

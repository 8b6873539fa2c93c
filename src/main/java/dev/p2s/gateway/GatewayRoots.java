package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.RootCertificate;
import dev.p2s.clientprofile.IssuedCertificates;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.GatewayState.TrustedRoot;
import dev.p2s.pki.Pem;
import dev.p2s.rootcertificate.RootRanking;
import dev.p2s.rootcertificate.RootResolver;
import io.fabric8.kubernetes.api.model.Secret;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Reads what client certificates a gateway trusts and which of its own it has taken back. */
@ApplicationScoped
public class GatewayRoots {

  private final RootResolver resolver;

  public GatewayRoots(RootResolver resolver) {
    this.resolver = resolver;
  }

  /** The roots that count and are known, as certificates. */
  List<TrustedRoot> trusted(List<RootCertificate> rootsOfOneGateway) {
    return RootRanking.counting(rootsOfOneGateway).stream()
        .filter(root -> root.getMetadata().getDeletionTimestamp() == null)
        .map(resolver::resolve)
        .filter(RootResolver.Outcome.Resolved.class::isInstance)
        .map(outcome -> ((RootResolver.Outcome.Resolved) outcome).root())
        .map(
            root ->
                new TrustedRoot(
                    root.name(),
                    root.sha256().hex(),
                    root.pem(),
                    root.issuing().usable().stream().map(Pem::certificate).sorted().toList(),
                    root.revocation().orElse(null)))
        .toList();
  }

  /** Revocations that the gateway's {@code <root>-issued} Secrets hold. */
  List<GatewayState.Revocation> issuedAndRevoked(List<Secret> gatewaySecrets) {
    return gatewaySecrets.stream()
        .filter(IssuedCertificates::isLedger)
        .flatMap(secret -> IssuedCertificates.of(secret).revoked().stream())
        .map(
            issued ->
                new GatewayState.Revocation(
                    issued.namespace() + "/" + issued.profile(), issued.sha256()))
        .toList();
  }
}

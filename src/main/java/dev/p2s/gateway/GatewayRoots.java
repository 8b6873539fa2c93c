package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.RootCertificate;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.GatewayState.TrustedRoot;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;

/** Reads what client certificates a gateway trusts and which of its own it has taken back. */
interface GatewayRoots {

  /** The roots that are accepted, as certificates. */
  List<TrustedRoot> trusted(List<RootCertificate> roots);

  /** Revocations that the gateway's {@code <root>-issued} Secrets hold. */
  List<GatewayState.Revocation> issuedAndRevoked(List<Secret> gatewaySecrets);
}

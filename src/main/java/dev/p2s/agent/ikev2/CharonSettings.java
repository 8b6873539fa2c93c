package dev.p2s.agent.ikev2;

import dev.p2s.agent.state.StateBundle;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.Ipv6Pool;
import dev.p2s.dataplane.StateSecret;
import dev.p2s.dataplane.ikev2.EspPlace;
import dev.p2s.dataplane.ikev2.Ikev2Server;
import dev.p2s.dataplane.ikev2.ViciSection;
import dev.p2s.pki.Pem;
import dev.p2s.pki.ServerCertificates;
import dev.p2s.pki.Thumbprint;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Makes charon follow the state, live, and keeps at it until it does. Called on the agent's loop
 * only; what charon answers comes back there.
 */
public final class CharonSettings {

  private static final Logger LOG = Logger.getLogger(CharonSettings.class);

  private final Charon charon;
  private final OcspSigner signer;
  private final StandIns standIns;
  private final Consumer<Runnable> loop;
  private final OfferedAddresses offered;

  private EspPlace place;
  private StateBundle wanted;
  private Object loaded;
  private Object loading;
  private String key = "";
  private Set<String> authorities = new HashSet<>();
  private boolean fresh;
  private String problem = "";

  /** What charon is set to; who may use how much of the addresses is not of it. */
  private record Version(GatewayState state, String key, String certificate, EspPlace place) {

    static Version of(StateBundle bundle, EspPlace place) {
      return new Version(
          bundle.state().apartFromShares(),
          bundle.entries().get(StateSecret.SERVER_RSA_KEY),
          bundle.entries().get(StateSecret.SERVER_RSA_CERTIFICATE),
          place);
    }
  }

  CharonSettings(
      Charon charon,
      OcspSigner signer,
      StandIns standIns,
      OfferedAddresses offered,
      Consumer<Runnable> loop) {
    this.charon = charon;
    this.signer = signer;
    this.standIns = standIns;
    this.offered = offered;
    this.loop = loop;
  }

  /** charon answers: nothing is known of what it has. */
  void attached(EspPlace where) {
    place = where;
    loaded = null;
    loading = null;
    fresh = true;
    load();
  }

  void detached() {
    place = null;
    loaded = null;
    loading = null;
  }

  /** Makes this the state to follow. */
  void follow(StateBundle next) {
    wanted = next;
    load();
  }

  /** Does what is still to do; nothing where charon follows the state. */
  void retry() {
    load();
  }

  /** What keeps charon from following the state, for a person; empty where it does. */
  String problem() {
    if (wanted == null || wanted.state().ikev2() == null || isLoaded()) {
      return "";
    }
    String failure = charon.failure();
    if (!failure.isEmpty()) {
      return failure;
    }
    return problem.isEmpty() ? "The IKEv2 server is starting" : problem;
  }

  /** Loads an address, and the IPv6 address that goes with it, for charon to give away. */
  CompletableFuture<ViciSection> offer(GatewayState state, OfferedAddresses.Offer offer) {
    CompletableFuture<ViciSection> loaded =
        charon.pool("load-pool", Ikev2Server.pool(state, offer.pool(), offer.address()));
    return Ipv6Pool.of(state.clientAddressPools())
        .map(pool -> Ikev2Server.ipv6Pool(offer.pool(), pool.beside(offer.address())))
        .map(beside -> loaded.thenCombine(charon.pool("load-pool", beside), (ipv4, ipv6) -> ipv4))
        .orElse(loaded);
  }

  /** Takes an address back; fails, and changes nothing, where charon has a client with it. */
  CompletableFuture<ViciSection> takeBack(GatewayState state, OfferedAddresses.Offer offer) {
    if (Ipv6Pool.of(state.clientAddressPools()).isEmpty()) {
      return unloadPool(offer.pool());
    }
    return unloadPool(Ikev2Server.ipv6Pool(offer.pool()))
        .thenCompose(
            gone ->
                unloadPool(offer.pool())
                    .exceptionallyCompose(
                        used ->
                            offer(state, offer)
                                .thenCompose(again -> CompletableFuture.failedFuture(used))));
  }

  private CompletableFuture<ViciSection> unloadPool(String name) {
    return charon.pool("unload-pool", ViciSection.of().put("name", name).build());
  }

  private boolean isLoaded() {
    return place != null && Version.of(wanted, place).equals(loaded);
  }

  private void load() {
    if (place == null || wanted == null || isLoaded()) {
      return;
    }
    Version version = Version.of(wanted, place);
    if (version.equals(loading)) {
      return;
    }
    loading = version;
    charon.forgetAnswers();
    List<CompletableFuture<ViciSection>> steps = new ArrayList<>();
    try {
      GatewayState state = wanted.state();
      credentials(steps);
      roots(state, steps);
      connections(state, steps);
    } catch (IllegalArgumentException e) {
      failed(version, e);
      return;
    }
    var _ =
        CompletableFuture.allOf(steps.toArray(CompletableFuture[]::new))
            .whenComplete(
                (done, failure) ->
                    loop.accept(
                        () -> {
                          if (failure == null) {
                            succeeded(version);
                          } else {
                            failed(version, failure);
                          }
                        }));
  }

  /** The server's key, and the agent's own right to answer about certificates. */
  private void credentials(List<CompletableFuture<ViciSection>> steps) {
    String serverKey = wanted.entries().get(StateSecret.SERVER_RSA_KEY);
    if (!fresh && serverKey.equals(key)) {
      return;
    }
    steps.add(charon.ask("clear-creds", ViciSection.EMPTY));
    steps.add(
        charon.ask(
            "load-cert",
            ViciSection.of()
                .put("type", "X509")
                .put("flag", "OCSP")
                .put("data", Pem.certificate(signer.certificate()))
                .build()));
    steps.add(
        charon.ask("load-key", ViciSection.of().put("type", "any").put("data", serverKey).build()));
    key = serverKey;
  }

  private void roots(GatewayState state, List<CompletableFuture<ViciSection>> steps) {
    Set<String> names = new TreeSet<>();
    if (Ikev2Server.takesCertificates(state)) {
      for (GatewayState.TrustedRoot root : anchors(state)) {
        names.add(Ikev2Server.authorityName(root));
        steps.add(charon.ask("load-authority", Ikev2Server.authority(root, OcspResponder.ADDRESS)));
      }
    }
    if (fresh) {
      steps.add(
          charon
              .ask("get-authorities", ViciSection.EMPTY)
              .thenCompose(there -> unload(there.list("authorities"), names)));
    } else {
      steps.add(unload(authorities, names));
    }
    authorities = names;
  }

  /** The roots, or their stand-ins where charon needs these, under the roots' names. */
  private List<GatewayState.TrustedRoot> anchors(GatewayState state) {
    List<GatewayState.TrustedRoot> anchors = new ArrayList<>();
    for (GatewayState.TrustedRoot root : state.allRoots()) {
      X509Certificate certificate = Pem.parseCertificate(root.pem());
      if (StandIns.isNeededFor(certificate)) {
        String standIn = Pem.certificate(standIns.standInOf(certificate));
        anchors.add(new GatewayState.TrustedRoot(root.name(), root.sha256(), standIn));
      } else {
        anchors.add(root);
      }
    }
    if (!anchors.equals(state.allRoots())) {
      X509Certificate above = standIns.authority();
      anchors.add(
          new GatewayState.TrustedRoot(
              "stand-ins", Thumbprint.sha256(above).hex(), Pem.certificate(above)));
    }
    state.allRoots().stream()
        .flatMap(root -> root.intermediates().stream().map(pem -> intermediate(root, pem)))
        .filter(between -> anchors.stream().noneMatch(a -> a.sha256().equals(between.sha256())))
        .forEach(anchors::add);
    return anchors;
  }

  /** charon ends no chain at it, but asks about what it has issued. */
  private static GatewayState.TrustedRoot intermediate(GatewayState.TrustedRoot root, String pem) {
    return new GatewayState.TrustedRoot(
        root.name(), Thumbprint.sha256(Pem.parseCertificate(pem)).hex(), pem);
  }

  private CompletableFuture<ViciSection> unload(Iterable<String> there, Set<String> wantedNames) {
    List<CompletableFuture<ViciSection>> gone = new ArrayList<>();
    for (String name : there) {
      if (!wantedNames.contains(name)) {
        gone.add(charon.ask("unload-authority", ViciSection.of().put("name", name).build()));
      }
    }
    return CompletableFuture.allOf(gone.toArray(CompletableFuture[]::new))
        .thenApply(done -> ViciSection.EMPTY);
  }

  private void connections(GatewayState state, List<CompletableFuture<ViciSection>> steps) {
    Map<String, ViciSection> served = state.ikev2() == null ? Map.of() : served(state);
    for (String name : Ikev2Server.CONNECTIONS) {
      if (!served.containsKey(name)) {
        // one that was never loaded cannot be taken away, and need not
        steps.add(
            charon
                .ask("unload-conn", ViciSection.of().put("name", name).build())
                .exceptionally(never -> ViciSection.EMPTY));
      }
    }
    if (Ikev2Server.asksRadius(state)) {
      steps.add(charon.pool("load-pool", Ikev2Server.told(state)));
    }
    if (Ikev2Server.blocksIpv6(state)) {
      steps.add(charon.pool("load-pool", Ikev2Server.ipv6Block()));
    }
    served.forEach(
        (name, connection) ->
            steps.add(charon.ask("load-conn", ViciSection.of().put(name, connection).build())));
    if (state.ikev2() != null) {
      offered.all().forEach(offer -> steps.add(offer(state, offer)));
    }
  }

  private Map<String, ViciSection> served(GatewayState state) {
    String certificate = wanted.entries().get(StateSecret.SERVER_RSA_CERTIFICATE);
    return Ikev2Server.connections(
            state,
            place,
            ServerCertificates.identity(Pem.parseCertificate(certificate)),
            certificate,
            OfferedAddresses.pools(state.connectionLimit()))
        .sections();
  }

  private void succeeded(Version version) {
    if (version.equals(loading)) {
      loaded = version;
      loading = null;
      fresh = false;
      problem = "";
      LOG.infof(
          "charon follows generation %d; ESP is done in %s",
          version.state().generation(), version.place());
    }
  }

  private void failed(Version version, Throwable failure) {
    if (version.equals(loading)) {
      loading = null;
      String message = "the IKEv2 server does not follow: " + failure.getMessage();
      if (!message.equals(problem)) {
        LOG.error(message);
      }
      problem = message;
    }
  }
}

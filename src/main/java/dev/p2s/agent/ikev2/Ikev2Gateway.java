package dev.p2s.agent.ikev2;

import dev.p2s.agent.ikev2.OfferedAddresses.Offer;
import dev.p2s.agent.session.AddressPools;
import dev.p2s.agent.session.ClientCertificate;
import dev.p2s.agent.session.RevocationLists;
import dev.p2s.agent.session.SessionTable;
import dev.p2s.agent.state.StateBundle;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.Ipv6Pool;
import dev.p2s.dataplane.SkuColumn;
import dev.p2s.dataplane.ikev2.EspPlace;
import dev.p2s.dataplane.ikev2.Ikev2Server;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * All that the agent has of IKEv2: its line to charon, what charon is set to, the addresses that
 * charon may give away, and the desk where charon asks about certificates.
 */
public final class Ikev2Gateway implements NextAddress, AutoCloseable {

  private static final Logger LOG = Logger.getLogger(Ikev2Gateway.class);

  private final Charon charon;
  private final CharonSettings settings;
  private final OfferedAddresses offered = new OfferedAddresses();
  private final PeerCertificates certificates;
  private final OcspDesk desk;
  private final OcspResponder responder;
  private final AtomicReference<GatewayState> inForce = new AtomicReference<>();
  private final AtomicReference<RevocationLists> lists =
      new AtomicReference<>(RevocationLists.NONE);
  private final Consumer<Runnable> loop;
  private final Set<Offer> beingReturned = new HashSet<>();
  private boolean attached;
  private boolean answering;

  /**
   * @param directory what charon and the agent share
   * @param loop runs something on the agent's own thread
   */
  public Ikev2Gateway(Path directory, Consumer<Runnable> loop, Clock clock, SecureRandom random) {
    OcspSigner signer = OcspSigner.create(clock.instant(), random);
    StandIns standIns = new StandIns(clock.instant(), random);
    this.certificates = new PeerCertificates(standIns);
    this.charon = new Charon(directory);
    this.loop = loop;
    this.settings = new CharonSettings(charon, signer, standIns, offered, loop);
    this.desk =
        new OcspDesk(
            certificates,
            signer,
            charon::certificates,
            () -> Optional.ofNullable(inForce.get()),
            lists::get,
            clock);
    this.responder = new OcspResponder(desk);
  }

  /**
   * Makes this the state to follow. The first that asks for IKEv2 begins the search for charon.
   *
   * @param listener told what happens, on charon's thread
   */
  public void follow(StateBundle bundle, CharonListener listener) {
    inForce.set(bundle.state());
    if (bundle.state().ikev2() != null && !answering) {
      try {
        desk.tell(listener::comesIn);
        responder.start();
        charon.start(listener);
        answering = true;
      } catch (IOException e) {
        LOG.errorf("the agent cannot answer about certificates: %s", e.getMessage());
      }
    }
    settings.follow(bundle);
  }

  /** From now on these lists count; what charon was told of a certificate may hold no longer. */
  public void follow(RevocationLists newer) {
    lists.set(newer);
    if (attached) {
      charon.forgetAnswers();
    }
  }

  public void attached(EspPlace place, CharonPools pools) {
    attached = true;
    offered.adopt(pools.addresses());
    settings.attached(place);
  }

  public void detached() {
    attached = false;
    settings.detached();
  }

  /** What is to do about once a second. */
  public void retry() {
    settings.retry();
    if (desk.hasRefused()) {
      charon.forgetAnswers();
    }
  }

  /** What keeps IKEv2 from following the state, for a person; empty where it does. */
  public String problem() {
    return settings.problem();
  }

  public Charon charon() {
    return charon;
  }

  /** Certificates that a client of this identity may just have shown; each was welcome then. */
  public List<ClientCertificate> shownBy(String identity, Instant now) {
    return certificates.shownBy(identity, now);
  }

  /** Whether charon may give this address away, so that nobody else may. */
  public boolean mayGive(TunnelAddress address) {
    Optional<Ipv6Pool> ipv6 =
        Optional.ofNullable(inForce.get())
            .flatMap(state -> Ipv6Pool.of(state.clientAddressPools()));
    return offered.contains(address)
        || ipv6.filter(
                pool ->
                    offered.all().stream()
                        .map(offer -> pool.beside(offer.address()))
                        .anyMatch(address::equals))
            .isPresent();
  }

  /**
   * Keeps enough addresses ahead of need, and takes back what is far ahead of it.
   *
   * @param ours whether an address is in this pod's share
   * @param capacity how many clients this pod may have
   */
  public void offer(
      GatewayState state,
      AddressPools pools,
      Predicate<TunnelAddress> ours,
      int capacity,
      SessionTable sessions) {
    if (!attached || state.ikev2() == null) {
      return;
    }
    boolean lends = Ikev2Server.takesCertificates(state);
    Predicate<TunnelAddress> taken =
        address ->
            sessions.holds(address) || pools.beside(address).filter(sessions::holds).isPresent();
    OfferedAddresses.Share share =
        new OfferedAddresses.Share(
            pools,
            address -> isIkev2s(state, address),
            ours,
            Math.min(pools.size(), capacity) - sessions.size(SkuColumn.IKEV2_OPENVPN),
            taken);
    for (Offer offer : lends ? offered.extend(share, state.connectionLimit()) : List.<Offer>of()) {
      var _ =
          settings
              .offer(state, offer)
              .whenComplete(
                  (done, failure) -> {
                    if (failure != null) {
                      loop.accept(() -> offered.returned(offer));
                    }
                  });
    }
    for (Offer offer : lends ? offered.surplus(share) : offered.idle(taken)) {
      takeBack(state, offer, free -> {});
    }
  }

  @Override
  public void offer(TunnelAddress address, Consumer<Boolean> done) {
    GatewayState state = inForce.get();
    Optional<Offer> idle = offered.of(address);
    if (!attached || state == null) {
      done.accept(false);
    } else if (idle.isEmpty()) {
      loadFirst(state, address, done);
    } else {
      takeBack(
          state,
          idle.get(),
          free -> {
            if (free) {
              loadFirst(state, address, done);
            } else {
              done.accept(false);
            }
          });
    }
  }

  @Override
  public void withdraw(TunnelAddress address, Runnable done) {
    Optional<Offer> offer = offered.of(address);
    GatewayState state = inForce.get();
    if (offer.isEmpty() || state == null) {
      done.run();
    } else {
      takeBack(state, offer.get(), free -> done.run());
    }
  }

  private void loadFirst(GatewayState state, TunnelAddress address, Consumer<Boolean> done) {
    Optional<Offer> first = offered.first(address, state.connectionLimit());
    if (first.isEmpty()) {
      done.accept(false);
      return;
    }
    var _ =
        settings
            .offer(state, first.get())
            .whenComplete(
                (loaded, failure) ->
                    loop.accept(
                        () -> {
                          if (failure != null) {
                            offered.returned(first.get());
                          }
                          done.accept(failure == null);
                        }));
  }

  /**
   * charon keeps an address that a client of its has: it is in use after all.
   *
   * @param done told whether it is back by this; not where it is on its way already
   */
  private void takeBack(GatewayState state, Offer offer, Consumer<Boolean> done) {
    if (!beingReturned.add(offer)) {
      done.accept(false);
      return;
    }
    var _ =
        settings
            .takeBack(state, offer)
            .whenComplete(
                (answer, failure) ->
                    loop.accept(
                        () -> {
                          beingReturned.remove(offer);
                          if (failure == null) {
                            offered.returned(offer);
                          }
                          done.accept(failure == null);
                        }));
  }

  /** Where SSTP is served too, it has its part of the pools. */
  private static boolean isIkev2s(GatewayState state, TunnelAddress address) {
    return SkuColumn.IKEV2_OPENVPN.addresses(state.everyPool(), SkuColumn.of(state)).stream()
        .anyMatch(part -> part.contains(address.address()));
  }

  @Override
  public void close() {
    charon.close();
    responder.close();
  }
}

package dev.p2s.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.addressing.Cidr;
import dev.p2s.agent.session.ClientCertificate.Thumbprints;
import dev.p2s.api.v1alpha1.AuthenticationType;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.GatewayState.Revocation;
import dev.p2s.dataplane.SkuColumn;
import dev.p2s.dataplane.SstpSettings;
import dev.p2s.dataplane.States;
import dev.p2s.dataplane.TokenIssuer;
import dev.p2s.dataplane.kernel.TunnelAddress;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AdmissionTest {

  private static final Thumbprints LEAF = new Thumbprints("1".repeat(40), "2".repeat(64));
  private static final Thumbprints INTERMEDIATE = new Thumbprints("3".repeat(40), "4".repeat(64));
  private static final Thumbprints ROOT = new Thumbprints("5".repeat(40), "6".repeat(64));
  private static final ClientCertificate ALICE =
      new ClientCertificate("Alice", List.of(LEAF, INTERMEDIATE, ROOT));
  private static final AddressPools POOLS = new AddressPools(List.of(Cidr.parse("10.8.0.0/29")));

  @Test
  void givenACertificateOfATrustedRoot_whenRoom_thenAdmittedWithAnAddressOfThePool() {
    assertThat(decide(state(List.of(), List.of(), 10), 0, Set.of()))
        .isInstanceOfSatisfying(
            Decision.Admit.class, admit -> assertThat(POOLS.poolOf(admit.address())).isPresent());
  }

  @Test
  void givenTheIntermediateOnlyIsTrusted_whenDecided_thenTheAnchorCounts() {
    GatewayState state = state(List.of(), List.of(), 10, INTERMEDIATE.sha256());

    assertThat(reason(decide(state, 0, Set.of()))).isEqualTo(Refusal.Reason.UNTRUSTED_ROOT);
  }

  @Test
  void givenSstpBesideIkev2_whenDecided_thenEachHasItsOwnLimitAndItsHalfOfThePool() {
    GatewayState state =
        States.gateway()
            .pools("10.8.0.0/29")
            .limit(1)
            .roots(ROOT.sha256())
            .sstp(new SstpSettings(List.of(), List.of(), 1370, 2, List.of()))
            .build();

    assertThat(decide(state, SkuColumn.SSTP, 1, Set.of()))
        .isInstanceOfSatisfying(
            Decision.Admit.class,
            admit ->
                assertThat(Cidr.parse("10.8.0.4/30").contains(admit.address().address())).isTrue());
    assertThat(decide(state, SkuColumn.IKEV2_OPENVPN, 0, Set.of()))
        .isInstanceOfSatisfying(
            Decision.Admit.class,
            admit ->
                assertThat(Cidr.parse("10.8.0.0/30").contains(admit.address().address())).isTrue());
    assertThat(reason(decide(state, SkuColumn.IKEV2_OPENVPN, 1, Set.of())))
        .isEqualTo(Refusal.Reason.GATEWAY_FULL);
    assertThat(decide(state, SkuColumn.SSTP, 2, Set.of()))
        .isEqualTo(
            new Decision.Refuse(
                new Refusal(
                    Refusal.Reason.GATEWAY_FULL,
                    "This gateway is full: it has all 2 SSTP connections that its size allows. Try"
                        + " again later, or ask for a larger one.")));
  }

  @Test
  void givenEitherThumbprintIsRevoked_whenDecided_thenRefusedForGood() {
    for (String thumbprint : List.of(LEAF.sha1(), LEAF.sha256())) {
      GatewayState state = state(List.of(new Revocation("lost", thumbprint)), List.of(), 10);

      assertThat(reason(decide(state, 0, Set.of()))).isEqualTo(Refusal.Reason.REVOKED);
    }
    assertThat(Refusal.Reason.REVOKED.lasting()).isTrue();
  }

  @Test
  void givenALoginByToken_whenWhatTokensMustSayHasChanged_thenItCountsNoMore() {
    TokenIssuer before = issuer("vpn");
    Person alice =
        new Person(AuthenticationType.OIDC, "alice", List.of(), null, null, before.basis());

    assertThat(Admission.objection(alice, tokens(before), RevocationLists.NONE, Instant.EPOCH))
        .isEmpty();
    assertThat(
            Admission.objection(
                alice, tokens(issuer("other")), RevocationLists.NONE, Instant.EPOCH))
        .hasValueSatisfying(
            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.LOGIN_EXPIRED));
    assertThat(Admission.objection(alice, tokens(null), RevocationLists.NONE, Instant.EPOCH))
        .isPresent();
  }

  private static GatewayState tokens(TokenIssuer issuer) {
    return States.gateway().authentications(AuthenticationType.OIDC).tokenIssuer(issuer).build();
  }

  private static TokenIssuer issuer(String audience) {
    return new TokenIssuer(
        AuthenticationType.OIDC,
        "https://id.example",
        "https://id.example/.well-known/openid-configuration",
        audience,
        null,
        List.of("RS256"),
        List.of("sub"),
        "groups",
        List.of(),
        null,
        null);
  }

  @Test
  void givenAnotherCertificateIsRevoked_whenDecided_thenAdmitted() {
    GatewayState state = state(List.of(new Revocation("other", ROOT.sha1())), List.of(), 10);

    assertThat(decide(state, 0, Set.of())).isInstanceOf(Decision.Admit.class);
  }

  @Test
  void givenABlockedNameInOtherLetters_whenDecided_thenRefused() {
    assertThat(reason(decide(state(List.of(), List.of("aLICE"), 10), 0, Set.of())))
        .isEqualTo(Refusal.Reason.USER_BLOCKED);
  }

  @Test
  void givenTheLastConnection_whenOneMoreDials_thenTheSentenceNamesTheLimit() {
    GatewayState state = state(List.of(), List.of(), 3);

    assertThat(decide(state, 2, Set.of())).isInstanceOf(Decision.Admit.class);
    assertThat(decide(state, 3, Set.of()))
        .isInstanceOfSatisfying(
            Decision.Refuse.class,
            refuse -> {
              assertThat(refuse.refusal().reason()).isEqualTo(Refusal.Reason.GATEWAY_FULL);
              assertThat(refuse.refusal().sentence()).contains("full", "3 connections");
              assertThat(refuse.refusal().reason().lasting()).isFalse();
            });
  }

  @Test
  void givenEveryAddressIsTaken_whenDecided_thenRefusedForNow() {
    Set<TunnelAddress> used = new HashSet<>();
    for (int i = 0; i < POOLS.size(); i++) {
      assertThat(decide(state(List.of(), List.of(), 10), 0, used))
          .isInstanceOfSatisfying(Decision.Admit.class, admit -> used.add(admit.address()));
    }
    assertThat(used).hasSize(5);

    assertThat(reason(decide(state(List.of(), List.of(), 10), 0, used)))
        .isEqualTo(Refusal.Reason.ADDRESSES_USED_UP);
  }

  @Property
  void givenAnyKey_whenOfferedAnAddress_thenTheSameAgainAndNeverAReservedOne(
      @ForAll String key, @ForAll @IntRange(min = 20, max = 29) int prefix) {
    Cidr small = Cidr.parse("10.8.0.0/" + prefix);
    Cidr other = Cidr.parse("172.20.0.0/28");
    AddressPools pools = new AddressPools(List.of(small, other));

    TunnelAddress address = pools.free(key, any -> false).orElseThrow();

    assertThat(pools.free(key, any -> false)).contains(address);
    assertThat(pools.gateways()).doesNotContain(address);
    Cidr pool = pools.poolOf(address).orElseThrow();
    assertThat(address.address()).isNotEqualTo(pool.network());
    assertThat(address.address()).isNotEqualTo(pool.address(pool.size().longValue() - 1));
    assertThat(pools.free(key, address::equals)).isPresent().get().isNotEqualTo(address);
  }

  private static Decision decide(GatewayState state, int sessions, Set<TunnelAddress> used) {
    return decide(state, SkuColumn.IKEV2_OPENVPN, sessions, used);
  }

  private static Decision decide(
      GatewayState state, SkuColumn column, int sessions, Set<TunnelAddress> used) {
    return Admission.decide(
        ALICE,
        state,
        RevocationLists.NONE,
        Instant.EPOCH,
        column,
        sessions,
        column.holding(state, 0),
        false,
        POOLS,
        Optional.empty(),
        used::contains);
  }

  private static Refusal.Reason reason(Decision decision) {
    return ((Decision.Refuse) decision).refusal().reason();
  }

  private static GatewayState state(
      List<Revocation> revoked, List<String> blocked, int limit, String... roots) {
    List<String> trusted = roots.length == 0 ? List.of(ROOT.sha256()) : List.of(roots);
    return States.gateway()
        .pools("10.8.0.0/29")
        .limit(limit)
        .roots(trusted.toArray(String[]::new))
        .revoked(revoked)
        .blocked(blocked)
        .openVpn(null)
        .build();
  }
}

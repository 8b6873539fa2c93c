package dev.p2s.sstp.eap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.pki.CertificateAuthority;
import dev.p2s.pki.KeyKind;
import dev.p2s.sstp.binding.HigherLayerKey;
import dev.p2s.sstp.eap.EapTlsConversation.Outcome;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.TrustManagerFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class EapTlsConversationTest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final CertificateAuthority SERVERS = root("Servers");
  private static final CertificateAuthority OFFICE = root("Office");
  private static final CertificateAuthority.Leaf SERVER =
      SERVERS.issueServer(
          "gw", List.of("gw"), KeyKind.RSA_2048, Duration.ofDays(1), Instant.now(), RANDOM);

  private final EapTlsServer server;
  private final EapTlsConversation conversation;

  EapTlsConversationTest() throws Exception {
    server =
        new EapTlsServer(keys(SERVER), List.of(root("Office").certificate(), OFFICE.certificate()));
    conversation = server.begin();
  }

  @Test
  void givenACertificateOfATrustedRoot_whenItIsShown_thenItsChainAndTheSameKeyAreKnown()
      throws Exception {
    SSLEngine client = client(OFFICE);

    Outcome outcome = converse(client, 200);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Known.class,
            known -> {
              assertThat(known.user()).isEqualTo("carol");
              assertThat(known.chain().getLast()).isEqualTo(OFFICE.certificate());
              assertThat(known.chain().getFirst().getSubjectX500Principal().getName())
                  .contains("carol");
              assertThat(known.key()).isEqualTo(key(client));
            });
  }

  @Test
  void givenACertificateOfAnotherRootOfTheSameName_whenItIsShown_thenTheClientIsRefused()
      throws Exception {
    assertThat(converse(client(root("Office")), 1000))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.why()).startsWith("The client's certificate is not"));
  }

  @Test
  void givenAServersCertificate_whenAClientShowsIt_thenItIsRefused() throws Exception {
    CertificateAuthority.Leaf leaf =
        OFFICE.issueServer(
            "x", List.of("x"), KeyKind.EC_P256, Duration.ofDays(1), Instant.now(), RANDOM);
    assertThat(converse(client(leaf), 1000)).isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void givenAClientWithoutEapTls_whenItSaysSo_thenItIsTold() {
    conversation.take(identity());
    assertThat(conversation.take(new byte[] {3, 26}))
        .isEqualTo(
            new Outcome.Failed("The client does not authenticate by a certificate (EAP-TLS)."));
  }

  @Test
  void givenFragmentsWithoutEnd_whenTheyAreTooMany_thenTheClientIsRefused() {
    conversation.take(identity());
    byte[] fragment = new byte[1200];
    fragment[0] = 13;
    fragment[1] = 0x40;
    Outcome outcome = conversation.take(fragment);
    int taken = 1;
    while (outcome instanceof Outcome.Ask) {
      outcome = conversation.take(fragment);
      taken++;
    }
    assertThat(taken).isLessThan(60);
  }

  @Property(tries = 300)
  void givenAnyAnswers_whenTheyAreTaken_thenNobodyIsKnown(
      @ForAll @Size(max = 5) List<@Size(max = 60) byte[]> answers) {
    EapTlsConversation any = server.begin();
    any.take(identity());
    for (byte[] answer : answers) {
      byte[] data = answer.clone();
      if (data.length > 1 && data[0] % 3 != 0) {
        data[0] = 13;
      }
      assertThat(any.take(data)).isNotInstanceOf(Outcome.Known.class);
    }
  }

  /** A client of EAP-TLS that sends fragments of a size. */
  private Outcome converse(SSLEngine client, int size) throws Exception {
    Outcome outcome = conversation.take(identity());
    ByteArrayOutputStream flight = new ByteArrayOutputStream();
    client.beginHandshake();
    for (int i = 0; i < 100 && outcome instanceof Outcome.Ask(var request); i++) {
      byte[] data = request.data();
      int body = (data[1] & 0x80) != 0 ? 6 : 2;
      flight.write(data, body, data.length - body);
      byte[] answer = new byte[0];
      if ((data[1] & 0x40) == 0) {
        answer = shake(client, flight.toByteArray());
        flight.reset();
      }
      int sent = 0;
      while (answer.length - sent > size) {
        outcome = conversation.take(fragment(answer, sent, size, true));
        sent += size;
      }
      outcome = conversation.take(fragment(answer, sent, answer.length - sent, false));
    }
    return outcome;
  }

  private static byte[] fragment(byte[] flight, int from, int length, boolean more) {
    ByteBuffer data = ByteBuffer.allocate(2 + (from == 0 && more ? 4 : 0) + length);
    data.put((byte) 13).put((byte) ((more ? 0x40 : 0) | (from == 0 && more ? 0x80 : 0)));
    if (from == 0 && more) {
      data.putInt(flight.length);
    }
    return data.put(flight, from, length).array();
  }

  private static byte[] shake(SSLEngine engine, byte[] flight) throws Exception {
    ByteBuffer in = ByteBuffer.wrap(flight);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (true) {
      HandshakeStatus status = engine.getHandshakeStatus();
      if (status == HandshakeStatus.NEED_TASK) {
        engine.getDelegatedTask().run();
      } else if (status == HandshakeStatus.NEED_WRAP) {
        ByteBuffer packet = ByteBuffer.allocate(20_000);
        try {
          engine.wrap(ByteBuffer.allocate(0), packet);
        } catch (javax.net.ssl.SSLException e) {
          return out.toByteArray();
        }
        out.write(packet.array(), 0, packet.position());
      } else if (in.hasRemaining()) {
        try {
          engine.unwrap(in, ByteBuffer.allocate(20_000));
        } catch (javax.net.ssl.SSLException e) {
          // the server's alert; it is acknowledged
          return new byte[0];
        }
      } else {
        return out.toByteArray();
      }
    }
  }

  private static HigherLayerKey key(SSLEngine client) {
    try {
      byte[] msk =
          ((ExtendedSSLSession) client.getSession())
              .exportKeyingMaterialData("client EAP encryption", null, 64);
      return HigherLayerKey.of(Arrays.copyOf(msk, 32));
    } catch (javax.net.ssl.SSLKeyException e) {
      throw new AssertionError(e);
    }
  }

  private static SSLEngine client(CertificateAuthority issuer) throws Exception {
    return client(
        issuer.issueClient("carol", KeyKind.EC_P256, Duration.ofDays(1), Instant.now(), RANDOM));
  }

  private static SSLEngine client(CertificateAuthority.Leaf leaf) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("servers", SERVERS.certificate());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLSv1.2");
    context.init(keys(leaf).getKeyManagers(), trust.getTrustManagers(), null);
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(true);
    return engine;
  }

  private static KeyManagerFactory keys(CertificateAuthority.Leaf leaf) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("own", leaf.key(), new char[0], new X509Certificate[] {leaf.certificate()});
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, new char[0]);
    return factory;
  }

  private static CertificateAuthority root(String name) {
    return CertificateAuthority.selfSigned(
        name, KeyKind.EC_P256, Duration.ofDays(2), Instant.now(), RANDOM);
  }

  private static byte[] identity() {
    return "\u0001carol".getBytes(StandardCharsets.US_ASCII);
  }
}

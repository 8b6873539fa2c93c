package dev.p2s.sstp.eap;

import dev.p2s.sstp.binding.HigherLayerKey;
import dev.p2s.sstp.ppp.ControlPacket;
import dev.p2s.sstp.ppp.EapPacket;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * One client's EAP-TLS (RFC 5216), from its identity to its certificate. Used by one thread at a
 * time.
 */
public final class EapTlsConversation {

  private static final int TLS = 13;
  private static final int NAK = 3;
  private static final int LENGTH_INCLUDED = 0x80;
  private static final int MORE = 0x40;
  private static final int START = 0x20;
  private static final String MSK_LABEL = "client EAP encryption";
  private static final int HALF_MSK = 32;

  /** What one packet carries of TLS; PPP's smallest usual MRU has room for it. */
  private static final int FRAGMENT = 1024;

  /** The longest flight that a client may send: a chain of several certificates. */
  private static final int LONGEST_FLIGHT = 64 * 1024;

  private final SSLEngine engine;
  private final List<X509Certificate> anchors;
  private final ByteArrayOutputStream incoming = new ByteArrayOutputStream();
  private byte[] outgoing = new byte[0];
  private int sent;
  private int id = EapPacket.IDENTITY_QUESTION;
  private String user;
  private String failure;

  EapTlsConversation(SSLEngine engine, List<X509Certificate> anchors) {
    this.engine = engine;
    this.anchors = anchors;
  }

  /** What comes of a client's packet. */
  public sealed interface Outcome {

    /** It is asked on. */
    record Ask(ControlPacket request) implements Outcome {}

    /**
     * It has shown its certificate and has the key of it.
     *
     * @param user as it called itself before
     * @param chain from its own certificate up to the anchor
     * @param key for the crypto binding
     */
    record Known(String user, List<X509Certificate> chain, HigherLayerKey key) implements Outcome {}

    /**
     * @param why for a log and for the person
     */
    record Failed(String why) implements Outcome {}
  }

  /**
   * Takes a client's response.
   *
   * @param data from the EAP type on
   */
  public Outcome take(byte[] data) {
    int type = data.length == 0 ? 0 : data[0] & 0xFF;
    if (user == null && type == EapPacket.IDENTITY) {
      user = new String(data, 1, Math.min(data.length - 1, 255), StandardCharsets.UTF_8);
      return ask(new byte[] {START});
    }
    if (user == null || type != TLS || data.length < 2) {
      return new Outcome.Failed(
          type == NAK
              ? "The client does not authenticate by a certificate (EAP-TLS)."
              : "The client's EAP answer is out of place.");
    }
    int flags = data[1];
    int body = (flags & LENGTH_INCLUDED) == 0 ? 2 : 6;
    if (data.length < body || incoming.size() + data.length - body > LONGEST_FLIGHT) {
      return new Outcome.Failed("The client's EAP-TLS message is malformed or too long.");
    }
    incoming.write(data, body, data.length - body);
    if ((flags & MORE) != 0) {
      return ask(new byte[] {0});
    }
    return incoming.size() == 0 ? acknowledged() : flight();
  }

  private Outcome acknowledged() {
    if (sent < outgoing.length) {
      return fragment();
    }
    if (failure != null) {
      return new Outcome.Failed(failure);
    }
    return isFinished()
        ? known()
        : new Outcome.Failed("The client has stopped in the middle of its TLS handshake.");
  }

  private Outcome flight() {
    byte[] flight = incoming.toByteArray();
    incoming.reset();
    if (sent < outgoing.length || failure != null) {
      return new Outcome.Failed("The client's EAP answer is out of place.");
    }
    try {
      outgoing = handshake(flight);
    } catch (SSLException e) {
      failure = "The client's certificate is not accepted: " + e.getMessage();
      outgoing = alert();
    }
    sent = 0;
    if (outgoing.length > 0) {
      return fragment();
    }
    if (failure != null) {
      return new Outcome.Failed(failure);
    }
    return isFinished() ? known() : ask(new byte[] {0});
  }

  private boolean isFinished() {
    return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
        && engine.getSession().isValid()
        && !engine.getSession().getProtocol().equals("NONE");
  }

  private Outcome known() {
    try {
      byte[] msk =
          ((ExtendedSSLSession) engine.getSession())
              .exportKeyingMaterialData(MSK_LABEL, null, 2 * HALF_MSK);
      return new Outcome.Known(
          user,
          chain(engine.getSession().getPeerCertificates()),
          HigherLayerKey.ofMppe(
              Arrays.copyOf(msk, HALF_MSK), Arrays.copyOfRange(msk, HALF_MSK, 2 * HALF_MSK)));
    } catch (SSLException | GeneralSecurityException e) {
      return new Outcome.Failed("The client's certificate cannot be used: " + e.getMessage());
    }
  }

  /** What the client has shown, up to the anchor that TLS has found it to be issued by. */
  private List<X509Certificate> chain(Certificate[] shown) throws GeneralSecurityException {
    List<X509Certificate> chain = new ArrayList<>();
    for (Certificate each : shown) {
      X509Certificate certificate = (X509Certificate) each;
      chain.add(certificate);
      if (anchors.contains(certificate)) {
        return chain;
      }
      for (X509Certificate anchor : anchors) {
        if (isIssued(certificate, anchor)) {
          chain.add(anchor);
          return chain;
        }
      }
    }
    throw new GeneralSecurityException("its chain leads to no trusted root");
  }

  private static boolean isIssued(X509Certificate certificate, X509Certificate anchor) {
    if (!certificate.getIssuerX500Principal().equals(anchor.getSubjectX500Principal())) {
      return false;
    }
    try {
      certificate.verify(anchor.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private Outcome fragment() {
    boolean first = sent == 0;
    int length = Math.min(FRAGMENT, outgoing.length - sent);
    boolean more = sent + length < outgoing.length;
    boolean says = first && more;
    ByteBuffer data = ByteBuffer.allocate(1 + (says ? 4 : 0) + length);
    data.put((byte) ((more ? MORE : 0) | (says ? LENGTH_INCLUDED : 0)));
    if (says) {
      data.putInt(outgoing.length);
    }
    data.put(outgoing, sent, length);
    sent += length;
    return ask(data.array());
  }

  private Outcome ask(byte[] flagsAndData) {
    id = id + 1 & 0xFF;
    byte[] data = new byte[1 + flagsAndData.length];
    data[0] = TLS;
    System.arraycopy(flagsAndData, 0, data, 1, flagsAndData.length);
    return new Outcome.Ask(new ControlPacket(EapPacket.REQUEST, id, data));
  }

  /** Gives TLS a flight of the client and takes what it answers. */
  private byte[] handshake(byte[] flight) throws SSLException {
    ByteBuffer in = ByteBuffer.wrap(flight);
    ByteBuffer application = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> engine.getDelegatedTask().run();
        case NEED_WRAP -> wrap(out);
        default -> {
          application.clear();
          SSLEngineResult result = in.hasRemaining() ? engine.unwrap(in, application) : null;
          boolean stuck =
              result == null
                  || result.getStatus() != SSLEngineResult.Status.OK
                  || (result.bytesConsumed() == 0
                      && engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP);
          if (stuck) {
            return out.toByteArray();
          }
        }
      }
    }
  }

  private byte[] alert() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && out.size() < FRAGMENT) {
        if (!wrap(out)) {
          break;
        }
      }
    } catch (SSLException e) {
      // The client is told by EAP alone.
    }
    return out.toByteArray();
  }

  private boolean wrap(ByteArrayOutputStream out) throws SSLException {
    ByteBuffer packet = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    SSLEngineResult result = engine.wrap(ByteBuffer.allocate(0), packet);
    out.write(packet.array(), 0, packet.position());
    return result.bytesProduced() > 0;
  }
}

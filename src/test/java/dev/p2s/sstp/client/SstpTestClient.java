package dev.p2s.sstp.client;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * An SSTP client for tests, written from the specifications and apart from the server: no codec is
 * shared, so no mistake is mirrored. Blocking, one call, steps in the order of a client.
 */
public final class SstpTestClient implements AutoCloseable {

  private static final int CONTROL = 0x10010000;
  private static final int DATA = 0x10000000;

  private final SSLSocket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final Deque<byte[]> frames = new ArrayDeque<>();
  private byte[] nonce;
  private int hashes;
  private byte[] key = new byte[32];
  private byte[] certificate;
  private int mru;
  private byte[] lastControl = new byte[0];

  /** Reaches the server and shakes hands. */
  public SstpTestClient(InetSocketAddress server, String... versions)
      throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new EverybodyTrusted()}, null);
    socket = (SSLSocket) context.getSocketFactory().createSocket();
    socket.connect(server, 5000);
    socket.setSoTimeout(10_000);
    if (versions.length > 0) {
      socket.setEnabledProtocols(versions);
    }
    socket.startHandshake();
    certificate = socket.getSession().getPeerCertificates()[0].getEncoded();
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
  }

  public String tls() {
    return socket.getSession().getProtocol() + " " + socket.getSession().getCipherSuite();
  }

  /** Sends bytes as they are. */
  public void raw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** The HTTP request; the answer's first line. */
  public String post() throws IOException {
    raw(
        ("SSTP_DUPLEX_POST /sra_{BA195980-CD49-458b-9E23-C84EE0ADCD75}/ HTTP/1.1\r\n"
                + "Host: gw\r\nSSTPCORRELATIONID: {1}\r\nContent-Length: 18446744073709551615\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    return head();
  }

  /** Reads an HTTP head; its first line. */
  public String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    return head.substring(0, head.indexOf("\r\n"));
  }

  /** Wishes for a call; the type of the answer. */
  public int request(int protocol) throws IOException {
    control(1, new byte[] {0, 1, 0, 6, (byte) (protocol >> 8), (byte) protocol}, 1);
    byte[] answer = nextControl();
    if (answer[1] == 2) {
      hashes = answer[4 + 7];
      nonce = Arrays.copyOfRange(answer, 12, 44);
    }
    return answer[1];
  }

  /** Both SSTP's request and PPP up to the login's outcome: "" where it is taken. */
  public String login(String user, String password, boolean pap) throws IOException {
    return new TestPpp(this).login(user, password, pap);
  }

  /** IPCP: address, then resolvers. */
  public TestPpp.Addresses addresses() throws IOException {
    return new TestPpp(this).addresses();
  }

  /** Proves the binding, or something like it. */
  public void bind(Binding binding) throws IOException, GeneralSecurityException {
    boolean sha256 = binding.sha256;
    String name = sha256 ? "SHA-256" : "SHA-1";
    int size = sha256 ? 32 : 20;
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(new byte[] {0, 3, 0, 104, 0, 0, 0, (byte) (sha256 ? 2 : 1)});
    body.writeBytes(binding.nonce == null ? nonce : binding.nonce);
    byte[] seen = binding.certificate == null ? certificate : binding.certificate;
    body.writeBytes(Arrays.copyOf(MessageDigest.getInstance(name).digest(seen), 32));
    byte[] message = message(4, Arrays.copyOf(body.toByteArray(), 104), 1);
    Mac mac = Mac.getInstance(sha256 ? "HmacSHA256" : "HmacSHA1");
    mac.init(new SecretKeySpec(binding.key == null ? key : binding.key, "RAW"));
    mac.update("SSTP inner method derived CMK".getBytes(StandardCharsets.US_ASCII));
    mac.update(new byte[] {(byte) size, 0, 1});
    mac.init(new SecretKeySpec(mac.doFinal(), "RAW"));
    System.arraycopy(mac.doFinal(message), 0, message, 80, size);
    raw(message);
  }

  /**
   * What is put into the binding; null for what belongs there.
   *
   * @param certificate whose hash is bound, DER
   */
  public record Binding(boolean sha256, byte[] nonce, byte[] certificate, byte[] key) {
    public static final Binding RIGHT = new Binding(true, null, null, null);
  }

  /** Sends a control message. */
  public void control(int type, byte[] attributes, int count) throws IOException {
    raw(message(type, attributes, count));
  }

  /** Sends a PPP frame, address and control included. */
  public void frame(byte[] ppp) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(bytes);
    data.writeInt(DATA | 4 + ppp.length);
    data.write(ppp);
    raw(bytes.toByteArray());
  }

  /** The next PPP frame without address and control. */
  public byte[] nextFrame() throws IOException {
    while (frames.isEmpty()) {
      readPacket();
    }
    return frames.poll();
  }

  /** The next control message from its type on; an SSTP status stands in its last four bytes. */
  public byte[] nextControl() throws IOException {
    lastControl = new byte[0];
    while (lastControl.length == 0) {
      readPacket();
    }
    return lastControl;
  }

  /** Reads until the server aborts; its status. */
  public int abortStatus() throws IOException {
    byte[] message = nextControl();
    while (message[1] != 5) {
      message = nextControl();
    }
    return message[message.length - 1];
  }

  /** Sends an IPv4 packet. */
  public void packet(byte[] ip) throws IOException {
    ByteArrayOutputStream ppp = new ByteArrayOutputStream();
    ppp.writeBytes(new byte[] {(byte) 0xFF, 3, 0, 0x21});
    ppp.writeBytes(ip);
    frame(ppp.toByteArray());
  }

  /** The next IPv4 packet. */
  public byte[] nextPacket() throws IOException {
    byte[] frame = nextFrame();
    while (frame[0] != 0 || frame[1] != 0x21) {
      frame = nextFrame();
    }
    return Arrays.copyOfRange(frame, 2, frame.length);
  }

  /** Waits for the server to close. */
  public boolean isClosed() {
    try {
      while (true) {
        readPacket();
      }
    } catch (IOException e) {
      return !(e instanceof java.net.SocketTimeoutException);
    }
  }

  public void within(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  public int hashes() {
    return hashes;
  }

  public byte[] certificate() {
    return certificate.clone();
  }

  int mru() {
    return mru;
  }

  void mru(int asked) {
    mru = asked;
  }

  void key(byte[] made) {
    key = made.clone();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void readPacket() throws IOException {
    int header = in.readInt();
    byte[] body = new byte[(header & 0xFFF) - 4];
    in.readFully(body);
    if ((header & 0xFFFF0000) == CONTROL) {
      lastControl = body;
    } else {
      frames.add(Arrays.copyOfRange(body, 2, body.length));
    }
  }

  private static byte[] message(int type, byte[] attributes, int count) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(bytes);
    data.writeInt(CONTROL | 8 + attributes.length);
    data.writeShort(type);
    data.writeShort(count);
    data.write(attributes);
    return bytes.toByteArray();
  }

  private static final class EverybodyTrusted extends javax.net.ssl.X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

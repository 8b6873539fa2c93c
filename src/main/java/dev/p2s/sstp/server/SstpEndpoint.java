package dev.p2s.sstp.server;

import dev.p2s.sstp.binding.BindingRequest;
import dev.p2s.sstp.binding.CryptoBinding;
import dev.p2s.sstp.control.SstpServerMachine;
import dev.p2s.sstp.eap.EapTlsServer;
import dev.p2s.sstp.ppp.PppMachine;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** The SSTP server: TLS, HTTP, calls, and packets to and from one device. */
public final class SstpEndpoint implements AutoCloseable {

  /** How long a client may take from TCP to the end of its HTTP request. */
  private static final long UNTIL_HTTP_SECONDS = 20;

  private static final long HANDSHAKE_SECONDS = 10;

  /** Connections that are not calls yet; a TLS handshake that stands still holds some 40 kB. */
  private static final int LOBBY = 2_000;

  // What may wait for a slow client: a fifth of a second at 5 Mbit/s.
  private static final WriteBufferWaterMark WAITING =
      new WriteBufferWaterMark(64 * 1024, 128 * 1024);

  private static final List<String> TLS13 =
      List.of("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256");

  private final SecureRandom random;
  private final EventLoopGroup loops;
  private final Switchboard board;
  private final ExecutorService signatures =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("sstp-eap").factory());
  private final Channel listener;
  private volatile Doorway doorway;

  /**
   * @param eap null where EAP, if clients may use it at all, is relayed
   */
  private record Doorway(EndpointSettings settings, SslContext tls, EapTlsServer eap) {}

  /**
   * @param threads that serve clients
   * @param onFailure told where a queue of the device fails for good
   * @throws IOException where it cannot listen or the settings cannot be served
   */
  public SstpEndpoint(
      InetSocketAddress address,
      int threads,
      EndpointSettings settings,
      Gatekeeper gatekeeper,
      PacketDevice device,
      SecureRandom random,
      Consumer<IOException> onFailure)
      throws IOException {
    this.random = random;
    use(settings);
    Forwarder forwarder = new Forwarder(device, settings.mtu(), onFailure);
    this.board =
        new Switchboard(
            gatekeeper, device, forwarder, new Lobby(LOBBY), signatures, new AtomicLong());
    this.loops = new NioEventLoopGroup(threads);
    try {
      this.listener =
          new ServerBootstrap()
              .group(loops)
              .channel(NioServerSocketChannel.class)
              .option(ChannelOption.SO_BACKLOG, 1024)
              .childOption(ChannelOption.TCP_NODELAY, true)
              .childOption(ChannelOption.SO_KEEPALIVE, true)
              .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WAITING)
              .childHandler(new Entrance())
              .bind(address)
              .syncUninterruptibly()
              .channel();
    } catch (RuntimeException e) {
      stopLoops();
      throw e;
    }
    forwarder.start();
  }

  /**
   * New connections are met with these settings; the MTU stays.
   *
   * @throws IOException where TLS cannot serve them
   */
  public void use(EndpointSettings settings) throws IOException {
    List<String> suites = new ArrayList<>();
    if (settings.tlsVersions().contains("TLSv1.3")) {
      suites.addAll(TLS13);
    }
    suites.addAll(settings.tlsSuites());
    try {
      SslContext tls =
          SslContextBuilder.forServer(TlsIdentity.keyManagers(settings.identities()))
              .sslProvider(SslProvider.JDK)
              .protocols(settings.tlsVersions())
              .ciphers(suites)
              .build();
      EapTlsServer eap =
          settings.clientRoots().isEmpty()
              ? null
              : new EapTlsServer(
                  TlsIdentity.keyManagers(settings.identities()), settings.clientRoots());
      doorway = new Doorway(settings, tls, eap);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("TLS cannot be served so: " + e.getMessage(), e);
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /** Connections that are not calls yet. */
  public int waiting() {
    return board.lobby().size();
  }

  /** Lets nobody in any more and drops who is there. */
  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    board.forwarder().close();
    signatures.shutdownNow();
    stopLoops();
  }

  private void stopLoops() {
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }

  private final class Entrance extends ChannelInitializer<SocketChannel> {

    @Override
    protected void initChannel(SocketChannel channel) {
      Doorway open = doorway;
      board.lobby().enter(channel);
      SslHandler tls = open.tls().newHandler(channel.alloc());
      tls.setHandshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS);
      HttpDoor door = new HttpDoor(() -> call(open, tls));
      channel
          .pipeline()
          .addLast(new PromptAcknowledgement(), new FirstWords(), tls)
          .addLast("http", door);
      var _ =
          channel
              .eventLoop()
              .schedule(
                  () -> {
                    if (channel.pipeline().context(door) != null) {
                      var _ = channel.close();
                    }
                  },
                  UNTIL_HTTP_SECONDS,
                  TimeUnit.SECONDS);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      var _ = ctx.close();
    }
  }

  private CallHandler call(Doorway open, SslHandler tls) {
    EndpointSettings settings = open.settings();
    BindingRequest request = new BindingRequest(settings.hashes(), bytes(32));
    Certificate[] shown = tls.engine().getSession().getLocalCertificates();
    try {
      CryptoBinding binding = new CryptoBinding(request, shown[0].getEncoded());
      int magic = random.nextInt() | 1;
      return new CallHandler(
          new SstpServerMachine(request, binding),
          new PppMachine(
              settings.mtu(), magic, settings.authentication(), bytes(16), settings.name()),
          open.eap() == null ? null : open.eap().begin(),
          board);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}

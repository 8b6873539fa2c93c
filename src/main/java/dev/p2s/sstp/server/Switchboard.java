package dev.p2s.sstp.server;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the endpoint's calls share.
 *
 * @param signatures where TLS inside EAP does its work
 */
record Switchboard(
    Gatekeeper gatekeeper,
    PacketDevice device,
    Forwarder forwarder,
    Lobby lobby,
    ExecutorService signatures,
    AtomicLong ids) {

  Caller caller(Channel channel, Runnable hangUp) {
    InetSocketAddress from = (InetSocketAddress) channel.remoteAddress();
    String address = from == null ? "" : from.getAddress().getHostAddress() + ":" + from.getPort();
    return new Caller(ids.incrementAndGet(), address, hangUp);
  }
}

package dev.p2s.sstp.server;

import dev.p2s.sstp.binding.HigherLayerKey;
import dev.p2s.sstp.client.MsChapV2;
import dev.p2s.sstp.ppp.Lease;
import dev.p2s.sstp.ppp.Login;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Lets in who knows the password; knows it itself, as a RADIUS server does. */
final class KnownPeople implements Gatekeeper {

  static final int GATEWAY = 0xAC100001;
  static final int FIRST_CLIENT = 0xAC100002;
  static final int DNS = 0x0A600035;

  private final Map<String, String> passwords;
  final Map<Long, Caller> connected = new ConcurrentHashMap<>();
  final List<String> gone = new CopyOnWriteArrayList<>();
  final List<Login.Certificate> shown = new CopyOnWriteArrayList<>();
  private int given;

  KnownPeople(Map<String, String> passwords) {
    this.passwords = passwords;
  }

  @Override
  public void ask(Caller caller, Login login, Consumer<Verdict> answer) {
    Verdict no = new Verdict.Sorry(true, "Wrong name or password.");
    String user =
        switch (login) {
          case Login.Pap pap -> pap.user();
          case Login.MsChapV2 chap -> chap.user();
          case Login.Certificate certificate -> {
            shown.add(certificate);
            yield "";
          }
          case Login.Eap eap -> throw new AssertionError("EAP is the endpoint's");
        };
    String password = user.isEmpty() ? "" : passwords.get(user);
    answer.accept(
        password == null
            ? no
            : switch (login) {
              case Login.Pap pap ->
                  pap.password().equals(password) ? welcome("", HigherLayerKey.NONE) : no;
              case Login.MsChapV2 chap -> {
                MsChapV2 known =
                    new MsChapV2(chap.user(), password, chap.challenge(), chap.peerChallenge());
                yield Arrays.equals(known.ntResponse(), chap.response())
                    ? welcome(
                        known.authenticatorResponse(),
                        HigherLayerKey.ofMppe(known.clientToServer(), known.serverToClient()))
                    : no;
              }
              case Login.Certificate certificate -> welcome("", null);
              case Login.Eap eap -> no;
            });
  }

  @Override
  public void connected(Caller caller) {
    connected.put(caller.id(), caller);
  }

  @Override
  public void gone(Caller caller, String why) {
    connected.remove(caller.id());
    gone.add(why);
  }

  private synchronized Verdict welcome(String proof, HigherLayerKey key) {
    return new Verdict.Welcome(
        new Lease(FIRST_CLIENT + given++, GATEWAY, List.of(DNS)), proof, key);
  }
}

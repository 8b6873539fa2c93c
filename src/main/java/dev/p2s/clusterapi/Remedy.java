package dev.p2s.clusterapi;

import java.util.Map;

/** What whoever runs a gateway can do about a refusal, by its reason. */
final class Remedy {

  private static final Map<String, String> BY_REASON =
      Map.ofEntries(
          Map.entry(
              "NO_CREDENTIAL",
              "The client showed nothing to know the person by: hand out the ClientProfile's"
                  + " package anew."),
          Map.entry(
              "METHOD_NOT_SERVED",
              "Hand out a package for one of the gateway's spec.authenticationTypes, or add this"
                  + " one there."),
          Map.entry(
              "WRONG_CREDENTIAL",
              "The person types name and password again; if that does not help, look at the"
                  + " RADIUS server's or the issuer's own log."),
          Map.entry("LOGIN_EXPIRED", "The person logs in again."),
          Map.entry(
              "AUTHENTICATION_AWAY",
              "The RADIUS servers or the issuer did not answer: see the gateway's conditions and"
                  + " whether its pods reach them."),
          Map.entry(
              "UNTRUSTED_ROOT",
              "Add a RootCertificate for the root that issued the certificate, or hand out the"
                  + " ClientProfile's package anew."),
          Map.entry(
              "REVOKED",
              "The certificate is in spec.revokedCertificates or on its root's revocation list, or"
                  + " its ClientProfile was deleted or suspended: lift that, or make the person a new"
                  + " profile."),
          Map.entry(
              "REVOCATION_UNKNOWN",
              "No valid revocation list of who issued the certificate: see the RootCertificate's"
                  + " condition RevocationList, or set its revocation.crl.ifStale to Allow."),
          Map.entry(
              "USER_BLOCKED", "Take the name out of the gateway's spec.blockedUsers to let it in."),
          Map.entry(
              "GATEWAY_FULL",
              "All connections of the SKU are in use: choose a larger spec.sku, or end sessions"
                  + " with kubectl delete p2ssession."),
          Map.entry(
              "REPLICA_FULL",
              "The pod was full and the client tries another one; where that repeats, raise"
                  + " spec.scaling."),
          Map.entry(
              "ADDRESSES_USED_UP",
              "spec.clientAddressPools has no free address: make a pool larger or add one."),
          Map.entry(
              "NOT_READY",
              "The pod had no state or its kernel did not answer: see the gateway's conditions and"
                  + " the logs of its containers agent and netd."));

  private Remedy() {}

  static String of(String reason) {
    return BY_REASON.getOrDefault(reason, "See the log of the gateway pod's container agent.");
  }
}

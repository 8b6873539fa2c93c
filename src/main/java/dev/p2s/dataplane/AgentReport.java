package dev.p2s.dataplane;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.p2s.addressing.Cidr;
import dev.p2s.dataplane.ikev2.EspPlace;
import java.time.Instant;
import java.util.List;

/**
 * What an agent tells every operator that has dialled it: one JSON object a line on the mTLS stream
 * {@code GET /v1/report}, sent at once, on every change and at least every 10 seconds.
 *
 * @param schema version of this shape
 * @param pod name of the gateway pod
 * @param stateGeneration {@link GatewayState#generation()} that is in force
 * @param stateHash SHA-256 (hex) of the {@code state.json} bytes in force
 * @param programmed whether servers and kernel follow that state
 * @param message what keeps it from being programmed, for a person; empty where it is
 * @param held the most that this pod can use of connections and addresses from here on, as long as
 *     the state is the same; null from an agent that knows no shares
 * @param wantsMore whether somebody was turned away lately since the pod's share was used up
 * @param sessions live sessions of this pod
 * @param esp where the pod does ESP, or null where it does none or has not found out
 * @param revocationLists what the pod has of each root's revocation list; none from an agent that
 *     knows no lists
 * @param sstp what {@code held} and {@code wantsMore} are for SSTP, which counts apart; null where
 *     the pod serves none
 * @param radius what the pod has heard of each RADIUS server; empty where nobody logs in by RADIUS
 * @param issuer what the pod has of the access tokens' issuer; null where nobody logs in by tokens
 * @param claims single addresses that people had at another pod who wait at this one for them
 * @param lacks ranges of client address pools, of each of which somebody found no free address
 *     lately although the pod had room for a connection
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record AgentReport(
    int schema,
    String pod,
    long stateGeneration,
    String stateHash,
    boolean programmed,
    String message,
    Holding held,
    boolean wantsMore,
    List<Session> sessions,
    EspPlace esp,
    List<RevocationList> revocationLists,
    Use sstp,
    List<RadiusReach> radius,
    IssuerReach issuer,
    List<Cidr> claims,
    List<Cidr> lacks) {

  /** The version of this shape that this build writes. */
  public static final int SCHEMA = 1;

  /**
   * What a pod uses of SSTP's connections and addresses.
   *
   * @param held the most that it can use as long as the state is the same
   * @param wantsMore whether somebody was turned away lately since that was used up
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Use(Holding held, boolean wantsMore) {}

  /**
   * One live session.
   *
   * @param id unique within the gateway, stable for the session's life
   * @param user who, as the credential says
   * @param method {@code Certificate}, {@code RADIUS}, {@code EntraID} or {@code OIDC}
   * @param protocol {@code OpenVPN}, {@code IKEv2} or {@code SSTP}
   * @param clientAddress where it comes from, {@code address:port}
   * @param tunnelAddress its address inside
   * @param since when it was admitted
   * @param certificateSha256 thumbprint of the client certificate, empty without one
   * @param bytesIn from the client; {@code bytesOut} to the client
   * @param group the policy group, empty where the gateway has none
   * @param tunnelIpv6Address its IPv6 address inside, or null where it has none
   * @param packetsIn forwarded from the client; {@code packetsOut} forwarded to it
   * @param rootSha256 thumbprint of the root that the client certificate goes back to, empty
   *     without one
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Session(
      String id,
      String user,
      String method,
      String protocol,
      String clientAddress,
      String tunnelAddress,
      Instant since,
      String certificateSha256,
      long bytesIn,
      long bytesOut,
      String group,
      String tunnelIpv6Address,
      long packetsIn,
      long packetsOut,
      String rootSha256) {

    public Session {
      group = group == null ? "" : group;
      rootSha256 = rootSha256 == null ? "" : rootSha256;
    }

    /** The same session when nothing has passed. */
    public Session withoutTraffic() {
      return new Session(
          id,
          user,
          method,
          protocol,
          clientAddress,
          tunnelAddress,
          since,
          certificateSha256,
          0,
          0,
          group,
          tunnelIpv6Address,
          0,
          0,
          rootSha256);
    }
  }

  /**
   * A root's revocation list as a pod has it.
   *
   * @param root the RootCertificate's name
   * @param signer who signed it, as people read it; empty where there is none
   * @param thisUpdate when it was made; {@code nextUpdate} when its successor is there at the
   *     latest; null where there is none
   * @param revoked how many certificates it names
   * @param problem why it cannot be fetched anew, for a person; empty where it can
   * @param failingSince when that began, or null
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record RevocationList(
      String root,
      Freshness freshness,
      String signer,
      Instant thisUpdate,
      Instant nextUpdate,
      int revoked,
      String problem,
      Instant failingSince) {

    /** Best first. */
    public enum Freshness {
      FRESH,
      /** Its successor should have been there. */
      STALE,
      /** There was none yet. */
      MISSING
    }
  }

  /**
   * A RADIUS server, as a pod sees it.
   *
   * @param address numeric
   * @param reach whether it answers
   * @param lastReply when it last said anything that counts, to the hour as long as it answers;
   *     null for never
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record RadiusReach(String address, Reach reach, Instant lastReply) {}

  /**
   * The keys that sign access tokens, as a pod has them.
   *
   * @param keysSince when they were fetched; they serve for a day; null while there are none
   * @param problem why they cannot be fetched anew, for a person; empty where they can
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record IssuerReach(Instant keysSince, String problem) {}

  /** Whether a RADIUS server answers. */
  public enum Reach {
    /** Nothing is known yet. */
    UNKNOWN,
    /** It has never answered, and has been asked by Status-Server alone, as NPS never does. */
    UNHEARD,
    /** It answers. */
    ANSWERS,
    /** It leaves logins or what it answered before unanswered. */
    SILENT
  }

  public AgentReport {
    sessions = sessions == null ? List.of() : List.copyOf(sessions);
    revocationLists = revocationLists == null ? List.of() : List.copyOf(revocationLists);
    radius = radius == null ? List.of() : List.copyOf(radius);
    claims = claims == null ? List.of() : List.copyOf(claims);
    lacks = lacks == null ? List.of() : List.copyOf(lacks);
  }

  /** The report of a pod that follows no state and has nothing to say. */
  public static AgentReportBuilder of(String pod) {
    return new AgentReportBuilder(pod);
  }

  /** The same report with other sessions. */
  public AgentReport with(List<Session> others) {
    return AgentReportBuilder.from(this).sessions(others).build();
  }
}

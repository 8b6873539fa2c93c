package dev.p2s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/**
 * A person's session with traffic at the samples' gateway, and what it was when it began: pod,
 * server process and session must be the same ones afterwards.
 */
final class LiveSession implements AutoCloseable {

  private final Office office;
  private final String profile;
  private final VpnClient client;
  private final Traffic traffic;
  private final String gatewayPod;
  private final List<String> sessions;
  private final int serverRestarts;

  private LiveSession(Office office, String profile, VpnClient client) {
    this.office = office;
    this.profile = profile;
    this.client = client;
    traffic = Traffic.start(client, office.echoAddress());
    traffic.awaitReplies(5);
    gatewayPod = office.pod().getMetadata().getUid();
    sessions = office.sessions();
    serverRestarts = office.container("openvpn").getRestartCount();
    assertThat(sessions).hasSize(1);
  }

  /** Makes a profile and connects with its package; nobody else may be connected. */
  static LiveSession start(Office office, String profile) {
    office.profile(profile);
    VpnClient client = new VpnClient();
    try {
      return new LiveSession(office, profile, client.connect(office.ovpn(profile)));
    } catch (RuntimeException | AssertionError e) {
      client.close();
      office.delete(profile);
      throw e;
    }
  }

  Traffic traffic() {
    return traffic;
  }

  /** It is the same session, nobody noticed anything, and it still ends when it is revoked. */
  void isTheSameAndCanBeRevoked() {
    assertThat(office.pod().getMetadata().getUid()).isEqualTo(gatewayPod);
    assertThat(office.container("openvpn").getRestartCount()).isEqualTo(serverRestarts);
    assertThat(office.sessions()).isEqualTo(sessions);
    assertThat(client.log().split("Initialization Sequence Completed", -1)).hasSize(2);
    assertThat(traffic.longestGap()).isLessThan(2);
    Office.await("the operator to know the session", () -> office.connections() == 1);

    office.delete(profile);

    traffic.awaitSilence();
    assertThat(office.sessions()).isEmpty();
    Office.await("the person to be told", () -> client.log().contains("has been revoked"));
  }

  @Override
  public void close() {
    client.close();
    office.delete(profile);
  }
}

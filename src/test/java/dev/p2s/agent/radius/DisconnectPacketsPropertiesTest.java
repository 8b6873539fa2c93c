package dev.p2s.agent.radius;

import static dev.p2s.agent.radius.TestDisconnects.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.aaa4j.radius.core.attribute.TextData;
import org.aaa4j.radius.core.attribute.attributes.AcctSessionId;

/** Only what the server has signed ends a session. */
class DisconnectPacketsPropertiesTest {

  @Property
  void givenAnyBytes_whenRead_thenNothingIsThrownAndNothingCounts(
      @ForAll @Size(max = 100) byte[] bytes, @ForAll boolean disconnect) {
    if (bytes.length > 0 && disconnect) {
      bytes[0] = DisconnectPackets.DISCONNECT_REQUEST;
    }
    assertThat(new DisconnectPackets(new SecureRandom()).read(bytes, TestRadiusServer.SECRET))
        .isEmpty();
  }

  @Property
  void givenAnyByteChanged_whenRead_thenItDoesNotCount(
      @ForAll @IntRange(max = 55) int place, @ForAll @IntRange(min = 1, max = 255) int change)
      throws Exception {
    byte[] bytes =
        request(
            DisconnectPackets.DISCONNECT_REQUEST,
            TestRadiusServer.SECRET,
            true,
            new AcctSessionId(new TextData("00000000000000a1")));
    assertThat(bytes).hasSize(56);
    bytes[place] ^= (byte) change;

    assertThat(new DisconnectPackets(new SecureRandom()).read(bytes, TestRadiusServer.SECRET))
        .isEmpty();
  }
}

package dev.p2s.agent.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.p2s.dataplane.GatewayState;
import dev.p2s.dataplane.Sha256;
import dev.p2s.dataplane.StateSecret;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One whole version of the gateway's state Secret.
 *
 * @param state what to do
 * @param hash SHA-256 (hex) of the bytes of {@code state.json}
 * @param entries every entry of the Secret; keys among them, so this is never printed
 */
public record StateBundle(GatewayState state, String hash, Map<String, String> entries) {

  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private static final List<String> OPENVPN_ENTRIES =
      List.of(
          StateSecret.SERVER_RSA_CERTIFICATE,
          StateSecret.SERVER_RSA_KEY,
          StateSecret.SERVER_EC_CERTIFICATE,
          StateSecret.SERVER_EC_KEY,
          StateSecret.TLS_AUTH_KEY);

  private static final List<String> SSTP_ENTRIES =
      List.of(
          StateSecret.SERVER_RSA_CERTIFICATE,
          StateSecret.SERVER_RSA_KEY,
          StateSecret.SERVER_EC_CERTIFICATE,
          StateSecret.SERVER_EC_KEY);

  private static final List<String> IKEV2_ENTRIES =
      List.of(StateSecret.SERVER_RSA_CERTIFICATE, StateSecret.SERVER_RSA_KEY);

  public StateBundle {
    entries = Map.copyOf(entries);
  }

  /**
   * @throws IllegalArgumentException where an entry is missing or {@code state.json} is no state;
   *     the message names the entry and never shows what is in it
   */
  public static StateBundle of(Map<String, String> entries) {
    String text = entries.get(StateSecret.STATE);
    if (text == null) {
      throw new IllegalArgumentException("the state Secret has no entry " + StateSecret.STATE);
    }
    GatewayState state = parse(text);
    require(entries, state.openVpn() != null, OPENVPN_ENTRIES);
    require(entries, state.ikev2() != null, IKEV2_ENTRIES);
    require(entries, state.sstp() != null, SSTP_ENTRIES);
    return new StateBundle(state, Sha256.hex(text), new TreeMap<>(entries));
  }

  private static void require(Map<String, String> entries, boolean served, List<String> names) {
    for (String name : names) {
      if (served && !entries.containsKey(name)) {
        throw new IllegalArgumentException("the state Secret has no entry " + name);
      }
    }
  }

  private static GatewayState parse(String text) {
    try {
      GatewayState state = JSON.readValue(text, GatewayState.class);
      if (state == null || state.schema() < 1) {
        throw new IllegalArgumentException(StateSecret.STATE + " has no schema version");
      }
      return state;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          StateSecret.STATE + " cannot be read: " + e.getOriginalMessage());
    }
  }

  @Override
  public String toString() {
    return "StateBundle[generation=" + state.generation() + ", hash=" + hash + "]";
  }
}

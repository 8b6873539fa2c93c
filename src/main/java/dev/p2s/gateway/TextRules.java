package dev.p2s.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.p2s.api.v1alpha1.P2SGatewaySpec;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The one rule on every text of a spec, whatever it is for: it has no character that ends a line or
 * controls a terminal, for somebody. Nothing that a person means has one, and so none reaches a
 * state, a log or a server, even of a field that is new.
 */
final class TextRules {

  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]");
  private static final ObjectMapper JSON = new ObjectMapper();

  private TextRules() {}

  static void check(P2SGatewaySpec spec) throws GatewayRefused {
    check("spec", JSON.valueToTree(spec));
  }

  private static void check(String path, JsonNode node) throws GatewayRefused {
    if (node.isTextual()) {
      oneLine(path, node.asText());
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      check(path + "[" + i + "]", node.get(i));
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      check(path + "." + GatewayRules.shown(field.getKey()), field.getValue());
    }
  }

  private static void oneLine(String path, String text) throws GatewayRefused {
    if (CONTROL.matcher(text).find()) {
      throw new GatewayRefused(
          GatewayRefusal.TextInvalid,
          path
              + ": "
              + GatewayRules.quoted(text)
              + " has a line break or another control character; write it on one line");
    }
  }
}

package dev.p2s.gateway;

import dev.p2s.api.v1alpha1.References.TextSource;
import dev.p2s.pki.Pem;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the ConfigMaps and Secrets hold that a spec names, as one reconciliation has read them.
 *
 * @param found the texts by where they come from; a source that is not there is missing
 */
record ReferencedTexts(Map<TextSource, String> found) {

  /** Nothing is referenced, or nothing is there. */
  static final ReferencedTexts NONE = new ReferencedTexts(Map.of());

  ReferencedTexts {
    found = Map.copyOf(found);
  }

  /**
   * The certificates of a reference, PEM one after another; null where the spec has no reference.
   *
   * @param field the reference's path, for the refusal
   * @throws GatewayRefused with {@code refusal} where it names none
   */
  String certificates(String field, TextSource source, GatewayRefusal refusal)
      throws GatewayRefused {
    if (source == null) {
      return null;
    }
    try {
      return Pem.parseCertificates(require(field, source, refusal)).stream()
          .map(Pem::certificate)
          .collect(Collectors.joining());
    } catch (IllegalArgumentException e) {
      throw new GatewayRefused(
          refusal, field + " " + e.getMessage() + "; put the PEM of the authorities there");
    }
  }

  /**
   * The text of a reference.
   *
   * @param field the reference's path, for the refusal
   * @throws GatewayRefused with {@code refusal} where it names nothing
   */
  String require(String field, TextSource source, GatewayRefusal refusal) throws GatewayRefused {
    if ((source.configMapRef() == null) == (source.secretRef() == null)) {
      throw new GatewayRefused(
          refusal, field + ": name the source in exactly one way: configMapRef or secretRef");
    }
    String text = found.get(source);
    if (text == null) {
      boolean map = source.configMapRef() != null;
      var entry = map ? source.configMapRef() : source.secretRef();
      throw new GatewayRefused(
          refusal,
          field
              + ": the namespace has no "
              + (map ? "ConfigMap " : "Secret ")
              + entry.name()
              + " with an entry "
              + GatewayRules.quoted(entry.key())
              + "; make it, and the gateway is judged again");
    }
    return text;
  }
}

package dev.p2s.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** References to objects of the same namespace. */
public interface References {

  /** What the API server takes as an object's name: nothing that could lead elsewhere. */
  String NAME = "self.matches('^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$')";

  String NAME_MEANT =
      "an object's name has lower-case letters, digits, '-' and '.' only; write it without its"
          + " namespace and kind";

  /** What the API server takes as the name of an entry. */
  String ENTRY = "self.matches('^[-._a-zA-Z0-9]+$')";

  String ENTRY_MEANT = "an entry's name has letters, digits, '-', '_' and '.' only";

  /** An object. */
  record ObjectRef(
      @JsonPropertyDescription("The object's name, in the same namespace.")
          @Required
          @Size(min = 1, max = 253)
          @ValidationRule(value = References.NAME, message = References.NAME_MEANT)
          String name) {}

  /** An entry of an object. */
  record EntryRef(
      @JsonPropertyDescription("The object's name, in the same namespace.")
          @Required
          @Size(min = 1, max = 253)
          @ValidationRule(value = References.NAME, message = References.NAME_MEANT)
          String name,
      @JsonPropertyDescription("The entry.")
          @Required
          @Size(min = 1, max = 253)
          @ValidationRule(value = References.ENTRY, message = References.ENTRY_MEANT)
          String key) {}

  /** Public text in an entry of a ConfigMap or of a Secret. */
  @ValidationRule(
      value = "has(self.configMapRef) != has(self.secretRef)",
      message = "name the source in exactly one way: configMapRef or secretRef")
  record TextSource(
      @JsonPropertyDescription("An entry of a ConfigMap.") EntryRef configMapRef,
      @JsonPropertyDescription("An entry of a Secret.") EntryRef secretRef) {}
}

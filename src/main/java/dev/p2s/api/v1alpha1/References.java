package dev.p2s.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** References to objects of the same namespace. */
public interface References {

  /** An object. */
  record ObjectRef(
      @JsonPropertyDescription("The object's name, in the same namespace.")
          @Required
          @Size(min = 1, max = 253)
          String name) {}

  /** An entry of an object. */
  record EntryRef(
      @JsonPropertyDescription("The object's name, in the same namespace.")
          @Required
          @Size(min = 1, max = 253)
          String name,
      @JsonPropertyDescription("The entry.") @Required @Size(min = 1, max = 253) String key) {}

  /** Public text in an entry of a ConfigMap or of a Secret. */
  @ValidationRule(
      value = "has(self.configMapRef) != has(self.secretRef)",
      message = "name the source in exactly one way: configMapRef or secretRef")
  record TextSource(
      @JsonPropertyDescription("An entry of a ConfigMap.") EntryRef configMapRef,
      @JsonPropertyDescription("An entry of a Secret.") EntryRef secretRef) {}
}

package dev.p2s.api;

import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * What the CRD generator leaves undone: conditions as a list of one entry a type, policy groups as
 * one of one entry a name (so that a rule can compare a group with what it was), columns in the
 * order in which people read them, bounds of label selectors, and each rule once, since a record's
 * component counts twice, as field and as accessor. Build time only.
 */
public class CrdFinish implements CRDPostProcessor {

  private static final long MOST_SELECTED = 32;
  private static final long LONGEST_VALUE = 63;
  private static final long LONGEST_LABEL = 316;

  private static final Map<String, String> CONDITION =
      Map.of(
          "type", "What is judged.",
          "status", "True, False or Unknown.",
          "reason", "Why, in one word.",
          "message", "Why, and what to do, in a sentence.",
          "observedGeneration", "The generation that was judged.",
          "lastTransitionTime", "When the status became what it is.");

  private static final List<String> COLUMNS =
      List.of(
          "SKU",
          "TUNNELS",
          "AUTH",
          "ADDRESS",
          "CONNECTED",
          "GATEWAY",
          "USER",
          "THUMBPRINT",
          "SECRET",
          "EXPIRES",
          "PROFILES",
          "KEY",
          "VALID",
          "READY",
          "REASON",
          "AGE");

  @Override
  public HasMetadata process(HasMetadata crd, String crdSpecVersion) {
    if (crd instanceof CustomResourceDefinition definition) {
      definition.getSpec().getVersions().forEach(CrdFinish::finish);
    }
    return crd;
  }

  private static void finish(CustomResourceDefinitionVersion version) {
    version
        .getAdditionalPrinterColumns()
        .sort(
            Comparator.comparingInt(
                (CustomResourceColumnDefinition column) -> COLUMNS.indexOf(column.getName())));
    JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
    eachRuleOnce(root);
    eachSelectorBounded(root);
    JSONSchemaProps conditions =
        root.getProperties().get("status").getProperties().get("conditions");
    conditions.setXKubernetesListType("map");
    conditions.setXKubernetesListMapKeys(List.of("type"));
    conditions.getItems().getSchema().setRequired(List.of("type", "status"));
    CONDITION.forEach(
        (field, meaning) ->
            conditions.getItems().getSchema().getProperties().get(field).setDescription(meaning));
    JSONSchemaProps groups = root.getProperties().get("spec").getProperties().get("policyGroups");
    if (groups != null) {
      groups.setXKubernetesListType("map");
      groups.setXKubernetesListMapKeys(List.of("name"));
    }
  }

  // fabric8's LabelSelector comes without bounds and without a word
  private static void eachSelectorBounded(JSONSchemaProps schema) {
    if (schema.getProperties() == null) {
      return;
    }
    schema.getProperties().values().forEach(CrdFinish::eachSelectorBounded);
    schema.getProperties().values().stream()
        .filter(property -> property.getItems() != null && property.getItems().getSchema() != null)
        .forEach(property -> eachSelectorBounded(property.getItems().getSchema()));
    JSONSchemaProps labels = schema.getProperties().get("matchLabels");
    JSONSchemaProps expressions = schema.getProperties().get("matchExpressions");
    if (labels == null || expressions == null) {
      return;
    }
    labels.setDescription("Labels that must be there with these values.");
    labels.setMaxProperties(MOST_SELECTED);
    labels.getAdditionalProperties().getSchema().setMaxLength(LONGEST_VALUE);
    expressions.setDescription("Requirements on labels; all must hold.");
    expressions.setMaxItems(MOST_SELECTED);
    Map<String, JSONSchemaProps> expression = expressions.getItems().getSchema().getProperties();
    expression.get("key").setDescription("The label.");
    expression.get("key").setMaxLength(LONGEST_LABEL);
    expression.get("operator").setDescription("In, NotIn, Exists or DoesNotExist.");
    expression.get("operator").setMaxLength(LONGEST_VALUE);
    expression.get("values").setDescription("The values of In and NotIn.");
    expression.get("values").setMaxItems(MOST_SELECTED);
    expression.get("values").getItems().getSchema().setMaxLength(LONGEST_VALUE);
  }

  private static void eachRuleOnce(JSONSchemaProps schema) {
    if (schema.getXKubernetesValidations() != null) {
      schema.setXKubernetesValidations(
          List.copyOf(new LinkedHashSet<>(schema.getXKubernetesValidations())));
    }
    if (schema.getProperties() != null) {
      schema.getProperties().values().forEach(CrdFinish::eachRuleOnce);
    }
    if (schema.getItems() != null && schema.getItems().getSchema() != null) {
      eachRuleOnce(schema.getItems().getSchema());
    }
  }
}

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

/**
 * What the CRD generator leaves undone: conditions as a list of one entry a type, policy groups as
 * one of one entry a name (so that a rule can compare a group with what it was), columns in the
 * order in which people read them, and each rule once, since a record's component counts twice, as
 * field and as accessor. Build time only.
 */
public class CrdFinish implements CRDPostProcessor {

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
    JSONSchemaProps conditions =
        root.getProperties().get("status").getProperties().get("conditions");
    conditions.setXKubernetesListType("map");
    conditions.setXKubernetesListMapKeys(List.of("type"));
    conditions.getItems().getSchema().setRequired(List.of("type", "status"));
    JSONSchemaProps groups = root.getProperties().get("spec").getProperties().get("policyGroups");
    if (groups != null) {
      groups.setXKubernetesListType("map");
      groups.setXKubernetesListMapKeys(List.of("name"));
    }
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

package dev.p2s.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A root whose client certificates a gateway accepts. */
@Group("p2s.dev")
@Version("v1alpha1")
@AdditionalPrinterColumn(name = "GATEWAY", jsonPath = ".spec.gatewayRef.name")
@AdditionalPrinterColumn(name = "THUMBPRINT", jsonPath = ".status.thumbprint")
@AdditionalPrinterColumn(name = "EXPIRES", jsonPath = ".status.notAfter")
@AdditionalPrinterColumn(name = "PROFILES", jsonPath = ".status.profiles", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "KEY", jsonPath = ".status.holdsKey", type = Type.BOOLEAN)
@AdditionalPrinterColumn(
    name = "VALID",
    jsonPath = ".status.conditions[?(@.type==\"Accepted\")].status")
@ShortNames("p2sroot")
public class RootCertificate extends CustomResource<RootCertificateSpec, RootCertificateStatus>
    implements Namespaced {}

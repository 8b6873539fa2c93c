package dev.p2s.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A profile package for a person or a group of people. */
@Group("p2s.dev")
@Version("v1alpha1")
@AdditionalPrinterColumn(name = "GATEWAY", jsonPath = ".spec.gatewayRef.name")
@AdditionalPrinterColumn(name = "USER", jsonPath = ".status.user")
@AdditionalPrinterColumn(name = "AUTH", jsonPath = ".status.authenticationType")
@AdditionalPrinterColumn(name = "CLIENTS", jsonPath = ".status.clients")
@AdditionalPrinterColumn(name = "SECRET", jsonPath = ".status.secretName")
@AdditionalPrinterColumn(name = "EXPIRES", jsonPath = ".status.certificate.notAfter")
@AdditionalPrinterColumn(
    name = "READY",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@ShortNames("p2sprofile")
public class ClientProfile extends CustomResource<ClientProfileSpec, ClientProfileStatus>
    implements Namespaced {}

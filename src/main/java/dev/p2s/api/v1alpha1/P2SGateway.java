package dev.p2s.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** A point-to-site VPN gateway. */
@Group("p2s.dev")
@Version("v1alpha1")
@Kind("P2SGateway")
@Plural("p2sgateways")
@Singular("p2sgateway")
@ShortNames("p2sgw")
@AdditionalPrinterColumn(name = "SKU", jsonPath = ".status.sku")
@AdditionalPrinterColumn(name = "TUNNELS", jsonPath = ".status.tunnels")
@AdditionalPrinterColumn(name = "AUTH", jsonPath = ".status.authentication")
@AdditionalPrinterColumn(name = "ADDRESS", jsonPath = ".status.endpoint.address")
@AdditionalPrinterColumn(name = "CONNECTED", jsonPath = ".status.connected")
@AdditionalPrinterColumn(
    name = "READY",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "REASON", jsonPath = ".status.reason")
@AdditionalPrinterColumn(name = "AGE", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
@ValidationRule(
    value =
        "size(self.metadata.name) <= 40 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
    message = "a gateway's name has 40 characters at most, begins with a letter and has no dot")
public class P2SGateway extends CustomResource<P2SGatewaySpec, P2SGatewayStatus>
    implements Namespaced {}

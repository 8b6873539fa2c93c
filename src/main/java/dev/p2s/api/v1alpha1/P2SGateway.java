package dev.p2s.api.v1alpha1;

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
public class P2SGateway extends CustomResource<P2SGatewaySpec, P2SGatewayStatus>
    implements Namespaced {}

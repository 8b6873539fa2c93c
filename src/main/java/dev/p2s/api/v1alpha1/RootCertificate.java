package dev.p2s.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A root whose client certificates a gateway accepts. */
@Group("p2s.dev")
@Version("v1alpha1")
@ShortNames("p2sroot")
public class RootCertificate extends CustomResource<RootCertificateSpec, RootCertificateStatus>
    implements Namespaced {}

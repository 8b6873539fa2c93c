package dev.p2s.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** Where the package is and what is in it. */
public record ClientProfileStatus(
    Long observedGeneration,
    List<Condition> conditions,
    String secretName,
    List<String> files,
    String fetch,
    String rootName,
    Certificate certificate,
    String packageHash,
    String gatewayHash) {

  public record Certificate(String serial, String thumbprint, String notAfter, String renewAt) {}
}

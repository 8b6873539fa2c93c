package dev.p2s.clusterapi;

/** Whether the cluster's roles let somebody do something. */
@FunctionalInterface
interface AccessReview {

  /**
   * @throws ApiFailure where nobody can tell
   */
  boolean allows(FrontProxy.Caller caller, ApiCall call);
}

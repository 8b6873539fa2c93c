package dev.p2s.clusterapi;

import java.util.List;
import java.util.Map;

/** An API group that the operator serves through the cluster's API server. */
interface AggregatedGroup {

  String group();

  String version();

  /** Its resources as discovery lists them ({@code APIResource}). */
  List<Map<String, Object>> resources();

  /** Paths and schemas as OpenAPI v3 has them. */
  OpenApi openApi();

  /**
   * Answers somebody who may ask; may take a moment.
   *
   * @throws ApiFailure where it cannot be answered as asked
   */
  Answer answer(ApiCall call, Wish wish);

  /**
   * What OpenAPI v3 says of a group.
   *
   * @param paths by their URL
   * @param schemas by their name
   */
  record OpenApi(Map<String, Object> paths, Map<String, Object> schemas) {}
}

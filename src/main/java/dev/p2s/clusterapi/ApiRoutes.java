package dev.p2s.clusterapi;

import java.util.List;

/** From a request to its answer: discovery for everybody known, everything else by the roles. */
final class ApiRoutes {

  private final List<AggregatedGroup> groups;
  private final Discovery discovery;
  private final AccessReview review;

  ApiRoutes(List<AggregatedGroup> groups, AccessReview review) {
    this.groups = List.copyOf(groups);
    this.discovery = new Discovery(groups);
    this.review = review;
  }

  /**
   * @param accept the header, or empty
   * @throws ApiFailure where it cannot be answered as asked
   */
  Answer answer(
      FrontProxy.Caller caller,
      String method,
      String path,
      String query,
      String accept,
      byte[] body) {
    if (method.equals("GET")) {
      var document = discovery.document(path);
      if (document.isPresent()) {
        return Answer.ok(document.get());
      }
    }
    ApiCall call = ApiCall.parse(method, path, query);
    AggregatedGroup group =
        groups.stream()
            .filter(g -> g.group().equals(call.group()) && g.version().equals(call.version()))
            .findFirst()
            .orElseThrow(
                () -> ApiFailure.notFound("the server could not find the requested resource"));
    if (!review.allows(caller, call)) {
      throw ApiFailure.forbidden(forbidden(caller, call));
    }
    return group.answer(call, Wish.of(accept, body));
  }

  private static String forbidden(FrontProxy.Caller caller, ApiCall call) {
    return call.resource()
        + "."
        + call.group()
        + (call.name().isEmpty() ? "" : " \"" + call.name() + "\"")
        + " is forbidden: User \""
        + caller.user()
        + "\" cannot "
        + call.verb().word()
        + " resource \""
        + call.resource()
        + "\" in API group \""
        + call.group()
        + (call.namespace().isEmpty()
            ? "\" at the cluster scope"
            : "\" in the namespace \"" + call.namespace() + "\"");
  }
}

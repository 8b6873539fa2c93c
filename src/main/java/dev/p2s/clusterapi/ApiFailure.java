package dev.p2s.clusterapi;

/** A request that is not answered as asked; becomes a Kubernetes {@code Status}. */
final class ApiFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int code;
  private final String reason;

  private ApiFailure(int code, String reason, String message) {
    super(message, null, false, false);
    this.code = code;
    this.reason = reason;
  }

  static ApiFailure badRequest(String message) {
    return new ApiFailure(400, "BadRequest", message);
  }

  static ApiFailure unauthorized(String message) {
    return new ApiFailure(401, "Unauthorized", message);
  }

  static ApiFailure forbidden(String message) {
    return new ApiFailure(403, "Forbidden", message);
  }

  static ApiFailure notFound(String message) {
    return new ApiFailure(404, "NotFound", message);
  }

  static ApiFailure methodNotAllowed(String message) {
    return new ApiFailure(405, "MethodNotAllowed", message);
  }

  static ApiFailure notAcceptable(String message) {
    return new ApiFailure(406, "NotAcceptable", message);
  }

  static ApiFailure conflict(String message) {
    return new ApiFailure(409, "Conflict", message);
  }

  static ApiFailure invalid(String message) {
    return new ApiFailure(422, "Invalid", message);
  }

  static ApiFailure unavailable(String message) {
    return new ApiFailure(503, "ServiceUnavailable", message);
  }

  /** The HTTP status. */
  int code() {
    return code;
  }

  /** The reason as Kubernetes names it. */
  String reason() {
    return reason;
  }
}

package dev.p2s.observability;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Kubernetes events for conditions that turn: one event for each object, type and reason, counted
 * up where it comes again, so that a flapping gateway fills no list. Nothing turned, nothing
 * written.
 */
@ApplicationScoped
public class ConditionEvents {

  private static final Logger LOG = Logger.getLogger(ConditionEvents.class);
  private static final String SOURCE = "p2s-gateway-operator";
  private static final int MESSAGE_LIMIT = 1024;

  private final KubernetesClient client;
  private final Clock clock;

  public ConditionEvents(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /**
   * Tells every condition whose status or reason differs.
   *
   * @param before the conditions so far, or null
   */
  public void turned(HasMetadata object, List<Condition> before, List<Condition> after) {
    for (Condition now : after) {
      boolean same =
          before != null
              && before.stream()
                  .anyMatch(
                      then ->
                          then.getType().equals(now.getType())
                              && then.getStatus().equals(now.getStatus())
                              && then.getReason().equals(now.getReason()));
      if (!same) {
        tell(object, now);
      }
    }
  }

  /**
   * Tells what has happened once, as if a condition had turned.
   *
   * @param what its type makes it another event than others of the same reason
   */
  public void happened(HasMetadata object, Condition what) {
    tell(object, what);
  }

  private void tell(HasMetadata object, Condition condition) {
    String time = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    String name = name(object, condition);
    var events = client.v1().events().inNamespace(object.getMetadata().getNamespace());
    try {
      Event earlier = events.withName(name).get();
      if (earlier == null) {
        events.resource(event(object, condition, name, time)).create();
      } else {
        events
            .withName(name)
            .patch(
                new EventBuilder(earlier)
                    .withCount(Objects.requireNonNullElse(earlier.getCount(), 1) + 1)
                    .withMessage(shortened(condition.getMessage()))
                    .withLastTimestamp(time)
                    .build());
      }
    } catch (KubernetesClientException e) {
      LOG.warnf("event %s is not told: %s", name, e.getMessage());
    }
  }

  private static Event event(HasMetadata object, Condition condition, String name, String time) {
    return new EventBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(object.getMetadata().getNamespace())
        .endMetadata()
        .withNewInvolvedObject()
        .withApiVersion(object.getApiVersion())
        .withKind(object.getKind())
        .withName(object.getMetadata().getName())
        .withNamespace(object.getMetadata().getNamespace())
        .withUid(object.getMetadata().getUid())
        .endInvolvedObject()
        .withType(condition.getStatus().equals("False") ? "Warning" : "Normal")
        .withReason(condition.getReason())
        .withMessage(shortened(condition.getMessage()))
        .withNewSource()
        .withComponent(SOURCE)
        .endSource()
        .withCount(1)
        .withFirstTimestamp(time)
        .withLastTimestamp(time)
        .build();
  }

  // the same turn of the same object has the same name, whichever operator tells it
  private static String name(HasMetadata object, Condition condition) {
    String key =
        String.join(
            "/",
            Objects.toString(object.getMetadata().getUid(), ""),
            condition.getType(),
            condition.getStatus(),
            condition.getReason());
    return object.getMetadata().getName()
        + "."
        + UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
  }

  private static String shortened(String message) {
    return message.length() > MESSAGE_LIMIT ? message.substring(0, MESSAGE_LIMIT) : message;
  }
}

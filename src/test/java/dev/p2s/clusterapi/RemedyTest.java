package dev.p2s.clusterapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2s.agent.session.Refusal;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RemedyTest {

  @Test
  void givenEveryReasonThatAgentsHave_whenAsked_thenEachHasARemedyOfItsOwn() {
    assertThat(Stream.of(Refusal.Reason.values()).map(reason -> Remedy.of(reason.name())))
        .doesNotHaveDuplicates()
        .doesNotContain(Remedy.of("A_REASON_OF_A_NEWER_AGENT"));
  }
}

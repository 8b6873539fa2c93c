package dev.p2s.agent.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2s.agent.state.StateCandidate.Source;
import dev.p2s.dataplane.StateSecret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateCandidateTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  @Test
  void givenTheApiSpeaks_whenCompared_thenItIsRightWhateverTheOthersHave() {
    assertThat(candidate(1, Source.API, NOON).supersedes(candidate(9, Source.MOUNTED, NOON)))
        .isTrue();
    assertThat(candidate(1, Source.API, NOON).supersedes(candidate(9, Source.API, NOON))).isTrue();
    assertThat(candidate(9, Source.MOUNTED, NOON).supersedes(candidate(1, Source.API, NOON)))
        .isFalse();
  }

  @Test
  void givenNoApi_whenTheMountIsOlderThanTheLastGood_thenARevocationStays() {
    StateCandidate lastGood = candidate(4, Source.LAST_GOOD, NOON);

    assertThat(candidate(4, Source.MOUNTED, NOON.minusSeconds(60)).supersedes(lastGood)).isFalse();
    assertThat(candidate(3, Source.MOUNTED, NOON.plusSeconds(60)).supersedes(lastGood)).isFalse();
    assertThat(candidate(4, Source.MOUNTED, NOON.plusSeconds(60)).supersedes(lastGood)).isTrue();
    assertThat(candidate(5, Source.MOUNTED, NOON.minusSeconds(60)).supersedes(lastGood)).isTrue();
    assertThat(lastGood.supersedes(null)).isTrue();
  }

  @Test
  void givenAStateOfANewerOperator_whenRead_thenUnknownFieldsAreNoHindrance() {
    StateBundle bundle =
        StateBundle.of(
            Map.of(
                StateSecret.STATE,
                "{\"schema\":2,\"gateway\":\"gw\",\"generation\":3,\"hologram\":{\"depth\":4}}"));

    assertThat(bundle.state().generation()).isEqualTo(3);
    assertThat(bundle.state().roots()).isEmpty();
    assertThat(bundle.hash()).hasSize(64);
  }

  @Test
  void givenASecretWithoutWhatIsNeeded_whenRead_thenTheEntryIsNamedAndNothingIsShown() {
    assertThatThrownBy(() -> StateBundle.of(Map.of())).hasMessageContaining("state.json");
    Map<String, String> entries = new HashMap<>();
    entries.put(StateSecret.STATE, "{\"schema\":1,\"openVpn\":{\"processes\":1}}");
    entries.put(StateSecret.SERVER_RSA_KEY, "very secret");
    assertThatThrownBy(() -> StateBundle.of(entries))
        .hasMessageContaining(StateSecret.SERVER_RSA_CERTIFICATE)
        .hasMessageNotContaining("very secret");
  }

  @Test
  void givenAState_whenKept_thenReadAgainWithItsTimeAndForTheOwnerOnly(@TempDir Path directory)
      throws Exception {
    Path file = directory.resolve("agent/state.json");
    LastGoodState lastGood = new LastGoodState(file);
    assertThat(lastGood.load()).isEmpty();

    lastGood.save(candidate(7, Source.API, NOON));

    assertThat(lastGood.load()).contains(candidate(7, Source.LAST_GOOD, NOON));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void givenAProjection_whenItIsSwapped_thenTheMountedStateIsTheNewOne(@TempDir Path directory)
      throws Exception {
    MountedState mounted = new MountedState(directory.resolve("none"));
    assertThat(mounted.read()).isEmpty();
    for (int generation : new int[] {1, 2}) {
      Path version = Files.createDirectory(directory.resolve("..v" + generation));
      Files.writeString(
          version.resolve(StateSecret.STATE), "{\"schema\":1,\"generation\":" + generation + "}");
      Files.deleteIfExists(directory.resolve("..data"));
      Files.createSymbolicLink(directory.resolve("..data"), version);

      assertThat(new MountedState(directory).read().orElseThrow().bundle().state().generation())
          .isEqualTo(generation);
    }
  }

  private static StateCandidate candidate(long generation, Source source, Instant observed) {
    return new StateCandidate(
        StateBundle.of(
            Map.of(StateSecret.STATE, "{\"schema\":1,\"generation\":" + generation + "}")),
        source,
        observed);
  }
}

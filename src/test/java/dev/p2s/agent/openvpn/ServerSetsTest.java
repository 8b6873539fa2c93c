package dev.p2s.agent.openvpn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.p2s.dataplane.kernel.ProcessSlot;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerSetsTest {

  private static final Map<String, String> OFFICE = Map.of("sha-office", "aaaaaaaa");
  private static final Map<String, String> BOTH =
      Map.of("sha-office", "aaaaaaaa", "sha-partners", "bbbbbbbb");
  private static final Map<String, String> RENEWED = Map.of("sha-renewed", "aaaaaaaa");

  @Test
  void givenRootsAreAddedAndRemoved_whenFollowed_thenTheSetStays() {
    ServerSets first = ServerSets.NONE.follow("f1", 2, OFFICE);

    ServerSets second = first.follow("f1", 2, BOTH).follow("f1", 2, Map.of()).follow("f1", 2, BOTH);

    assertThat(second.sets()).hasSize(1);
    assertThat(second.current()).isEqualTo(first.current());
    assertThat(second.slots()).containsExactly(new ProcessSlot(0), new ProcessSlot(1));
  }

  @Test
  void givenARootOfALoadedSubject_whenFollowed_thenANewSetBesideTheOld() {
    ServerSets first = ServerSets.NONE.follow("f1", 2, OFFICE);

    ServerSets second = first.follow("f1", 2, RENEWED);

    assertThat(second.sets()).hasSize(2);
    assertThat(second.current()).isNotEqualTo(first.current());
    assertThat(second.draining()).extracting(ServerSet::id).containsExactly(first.current());
    assertThat(second.currentSet().orElseThrow().slots())
        .containsExactly(new ProcessSlot(2), new ProcessSlot(3));
  }

  @Test
  void givenTheOldRootComesBack_whileItsSetDrains_thenThatSetServesAgain() {
    ServerSets first = ServerSets.NONE.follow("f1", 1, OFFICE);

    ServerSets back = first.follow("f1", 1, RENEWED).follow("f1", 1, OFFICE);

    assertThat(back.current()).isEqualTo(first.current());
    assertThat(back.sets()).hasSize(2);
  }

  @Test
  void givenASetIsRetired_whenItsInputsComeBack_thenAnotherSetWithOtherPlacesStarts() {
    ServerSets first = ServerSets.NONE.follow("f1", 1, OFFICE);
    ServerSets retired = first.follow("f2", 1, OFFICE).retired(first.current());

    ServerSets back = retired.follow("f1", 1, OFFICE);

    assertThat(back.current()).isNotEqualTo(first.current());
    assertThat(back.currentSet().orElseThrow().slots()).containsExactly(new ProcessSlot(2));
    assertThat(back.without(first.current()).slots())
        .containsExactly(new ProcessSlot(1), new ProcessSlot(2));
  }

  @Test
  void givenNoPlaceIsLeft_whenFollowed_thenRefusedWithTheField() {
    ServerSets full = ServerSets.NONE.follow("f1", 100, OFFICE);

    assertThatThrownBy(() -> full.follow("f2", 64, OFFICE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("openVpn.processes 64");
  }

  @Test
  void givenSets_whenWrittenAndRead_thenTheSame() throws Exception {
    ServerSets sets = ServerSets.NONE.follow("f1", 2, BOTH).follow("f2", 1, BOTH);
    ServerSets retired = sets.retired(sets.sets().getFirst().id());
    ObjectMapper json = new ObjectMapper();

    assertThat(json.readValue(json.writeValueAsBytes(retired), ServerSets.class))
        .isEqualTo(retired);
  }
}

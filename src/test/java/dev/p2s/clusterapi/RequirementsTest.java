package dev.p2s.clusterapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequirementsTest {

  private static final Map<String, String> ALICE =
      Map.of("user", "alice,the=first\\", "protocol", "OpenVPN", "group", "");
  private static final Set<String> FIELDS = Set.of("user", "protocol", "group");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | true",
        "protocol=OpenVPN | true",
        "protocol==OpenVPN | true",
        "protocol=IKEv2 | false",
        "protocol!=IKEv2 | true",
        "group= | true",
        "protocol=OpenVPN,group!= | false",
        "user=alice\\,the\\=first\\\\ | true",
        "user=alice | false",
      })
  void givenAFieldSelector_whenAsked_thenAllOfItHasToHold(String selector, boolean holds) {
    assertThat(Requirements.ofFields(selector, FIELDS).hold(ALICE)).isEqualTo(holds);
  }

  @Test
  void givenAFieldThatThereIsNot_whenAsked_thenTheRefusalNamesThoseThatThereAre() {
    assertThatThrownBy(() -> Requirements.ofFields("name=x", FIELDS))
        .isInstanceOf(ApiFailure.class)
        .hasMessage("field label not supported: name; there are group, protocol, user");
    assertThatThrownBy(() -> Requirements.ofFields("user", FIELDS)).isInstanceOf(ApiFailure.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | true",
        "protocol | true",
        "!protocol | false",
        "other | false",
        "!other | true",
        "protocol in (IKEv2, OpenVPN) | true",
        "protocol notin (IKEv2,OpenVPN) | false",
        "other notin (x) | true",
        "other!=x | true",
        "protocol=OpenVPN,group= | true",
        "protocol in (IKEv2),group | false",
      })
  void givenALabelSelector_whenAsked_thenEveryOperatorWorks(String selector, boolean holds) {
    assertThat(Requirements.ofLabels(selector).hold(ALICE)).isEqualTo(holds);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a in x", "a in (", "=b", "a,(,b)"})
  void givenALabelSelectorThatCannotBeRead_whenAsked_thenItIsRefused(String selector) {
    assertThatThrownBy(() -> Requirements.ofLabels(selector)).isInstanceOf(ApiFailure.class);
  }

  @Test
  void givenASelectorOfTooManyParts_whenAsked_thenItIsRefused() {
    assertThatThrownBy(() -> Requirements.ofLabels("a,".repeat(100)))
        .isInstanceOf(ApiFailure.class)
        .hasMessageContaining("64");
  }

  @Property(tries = 300)
  void givenAnyText_whenRead_thenItIsASelectorOrARefusal(
      @ForAll @StringLength(max = 80) String text) {
    for (Runnable reading :
        new Runnable[] {
          () -> Requirements.ofLabels(text).hold(ALICE),
          () -> Requirements.ofFields(text, FIELDS).hold(ALICE)
        }) {
      try {
        reading.run();
      } catch (ApiFailure refused) {
        assertThat(refused.code()).isEqualTo(400);
      }
    }
  }
}

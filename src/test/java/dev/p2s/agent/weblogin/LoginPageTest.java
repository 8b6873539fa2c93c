package dev.p2s.agent.weblogin;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LoginPageTest {

  @Test
  void givenAPerson_whenAsked_thenTheySeeWhoAndFromWhere() {
    assertThat(LoginPage.asking("alice@corp.example", "192.0.2.7:4711", "abc"))
        .contains("<b>192.0.2.7:4711</b>", "<b>alice@corp.example</b>", "value=\"abc\"");
  }

  @Test
  void givenANameThatTurnsTheTextAround_whenShown_thenItTurnsNothing() {
    assertThat(LoginPage.escaped("ali\u202Eec\u200B\n")).isEqualTo("ali&#65533;ec&#65533;&#65533;");
  }

  @Property
  void givenAnyText_whenShown_thenItIsNoMarkup(@ForAll String text) {
    assertThat(LoginPage.escaped(text)).doesNotContain("<", ">", "\"", "'");
    assertThat(LoginPage.escaped(text).replaceAll("&#[0-9]+;", "")).doesNotContain("&");
  }
}

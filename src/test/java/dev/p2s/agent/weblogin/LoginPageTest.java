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

  @Property
  void givenAnyText_whenShown_thenItIsNoMarkup(@ForAll String text) {
    assertThat(LoginPage.escaped(text)).doesNotContain("<", ">", "\"", "'");
    assertThat(LoginPage.escaped(text).replaceAll("&#[0-9]+;", "")).doesNotContain("&");
  }
}

package dev.p2s.clientprofile.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.w3c.dom.Element;

class XmlTextTest {

  @Property
  void anyText_isOneElementsTextAgainWhenAParserReadsIt(@ForAll String text) throws Exception {
    String xml = new XmlText().open("all").element("one", text).close().finish();

    Element all =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))
            .getDocumentElement();

    assertThat(all.getElementsByTagName("*").getLength()).isEqualTo(1);
    String read = all.getElementsByTagName("one").item(0).getTextContent();
    assertThat(read.codePointCount(0, read.length()))
        .isEqualTo(text.codePointCount(0, text.length()));
    assertThat(read.lines().count()).isLessThanOrEqualTo(1);
    assertThat(read.replace("\uFFFD", ""))
        .isEqualTo(text.replaceAll("[\\p{Cc}\\x{D800}-\\x{DFFF}\uFFFD\uFFFE\uFFFF]", ""));
  }
}

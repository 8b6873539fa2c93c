package dev.p2s.agent.openvpn;

import java.util.ArrayList;
import java.util.List;

/** The client rows of {@code status 3}, whose fields are separated by tabs. */
public final class ServerStatus {

  /**
   * @param commonName {@code UNDEF} before the client has shown a certificate
   * @param virtualAddress empty before the client is let in
   */
  public record Row(long client, String commonName, String virtualAddress) {

    /** Whether the client has got as far as being announced to the management client. */
    public boolean announced() {
      return !commonName.equals("UNDEF");
    }
  }

  private ServerStatus() {}

  /** The rows among the lines; others are passed over. */
  public static List<Row> rows(List<String> lines) {
    List<Row> rows = new ArrayList<>();
    for (String line : lines) {
      String[] fields = line.split("\t", -1);
      if (fields.length >= 11
          && fields[0].equals("CLIENT_LIST")
          && fields[10].matches("[0-9]{1,18}")) {
        rows.add(new Row(Long.parseLong(fields[10]), fields[1], fields[3]));
      }
    }
    return List.copyOf(rows);
  }
}

package dev.p2s.catalog;

import dev.p2s.api.v1alpha1.ClientPlatform;
import dev.p2s.api.v1alpha1.TunnelType;
import java.util.List;

/**
 * The earliest release that a client works on (seed, "What protocol does P2S use?" and the
 * limitations of the Azure VPN Client for Linux).
 *
 * @param tunnel the protocol
 * @param platform the operating system
 * @param client the software that it holds for
 * @param release such as {@code 10.13}
 */
public record MinimumVersion(
    TunnelType tunnel, ClientPlatform platform, String client, String release) {

  private static final List<MinimumVersion> ALL =
      CatalogTable.read("minimum-versions").stream()
          .map(
              row ->
                  new MinimumVersion(
                      TunnelType.valueOf(row.get("tunnelType")),
                      ClientPlatform.valueOf(row.get("clientOs")),
                      row.get("vpnClient"),
                      row.get("release")))
          .toList();

  /** All that the seed names. */
  public static List<MinimumVersion> all() {
    return ALL;
  }
}

package dev.p2s.sstp.ppp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the link is to be like (RFC 1661, 6). The client authenticates; the server does not, since
 * TLS has shown its certificate already.
 *
 * @param mru the largest packet in bytes that both sides send
 * @param magic a random number that is not zero, to see a line that leads back
 * @param protocols how the client may authenticate, the best first, at least one
 */
record LcpPolicy(int mru, int magic, List<AuthenticationProtocol> protocols)
    implements OptionPolicy {

  static final int MRU = 1;
  static final int CHARACTER_MAP = 2;
  static final int AUTHENTICATION = 3;
  static final int MAGIC = 5;

  @Override
  public List<Option> wanted() {
    return List.of(Option.of16(MRU, mru), protocols.getFirst().option(), Option.of32(MAGIC, magic));
  }

  @Override
  public Verdict judge(List<Option> wishes) {
    List<Option> unknown = new ArrayList<>();
    List<Option> rather = new ArrayList<>();
    for (Option wish : wishes) {
      int length = wish.value().length;
      if (wish.type() == MRU && length == 2) {
        if ((ByteBuffer.wrap(wish.value()).getShort() & 0xFFFF) < mru) {
          rather.add(Option.of16(MRU, mru));
        }
      } else if (wish.type() == MAGIC && length == 4) {
        int theirs = ByteBuffer.wrap(wish.value()).getInt();
        if (theirs == magic || theirs == 0) {
          rather.add(Option.of32(MAGIC, ~magic));
        }
      } else if (wish.type() != CHARACTER_MAP || length != 4) {
        // Control characters need no escape in TLS: any map is as good.
        unknown.add(wish);
      }
    }
    return Verdict.of(wishes, unknown, rather);
  }

  @Override
  public Optional<List<Option>> afterNak(List<Option> asked, List<Option> rather) {
    Optional<Option> other =
        rather.stream().filter(option -> option.type() == AUTHENTICATION).findFirst();
    if (other.isEmpty()) {
      // A smaller MRU or another magic number: neither is worth a word.
      return Optional.of(asked.stream().filter(option -> option.type() == AUTHENTICATION).toList());
    }
    // What it would rather have, or else the next that this side knows: pppd names CHAP with MD5
    // wherever it wants any CHAP.
    return AuthenticationProtocol.of(other.get())
        .filter(protocols::contains)
        .or(() -> next(asked))
        .map(
            protocol ->
                asked.stream()
                    .map(each -> each.type() == AUTHENTICATION ? protocol.option() : each)
                    .toList());
  }

  private Optional<AuthenticationProtocol> next(List<Option> asked) {
    return protocols.stream()
        .dropWhile(protocol -> !asked.contains(protocol.option()))
        .skip(1)
        .findFirst();
  }

  @Override
  public Optional<List<Option>> afterReject(List<Option> asked, List<Option> unknown) {
    return unknown.stream().anyMatch(option -> option.type() == AUTHENTICATION)
        ? Optional.empty()
        : Optional.of(asked.stream().filter(option -> !unknown.contains(option)).toList());
  }
}

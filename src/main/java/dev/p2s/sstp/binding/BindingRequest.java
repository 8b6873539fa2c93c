package dev.p2s.sstp.binding;

import java.util.Set;

/**
 * What a client is asked to bind its authentication with.
 *
 * @param hashes what it may choose from, at least one
 * @param nonce 32 random bytes, another for each call
 */
public record BindingRequest(Set<HashProtocol> hashes, byte[] nonce) {
  public BindingRequest {
    hashes = Set.copyOf(hashes);
    if (hashes.isEmpty() || nonce.length != 32) {
      throw new IllegalArgumentException("a binding request has a hash and a nonce of 32 bytes");
    }
  }
}

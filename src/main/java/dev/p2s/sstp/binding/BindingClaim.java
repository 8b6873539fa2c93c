package dev.p2s.sstp.binding;

/**
 * What a client says that it has bound: a Crypto Binding attribute ([MS-SSTP] 2.2.7).
 *
 * @param certificateHash of the server certificate that it has seen, as long as its hash is
 * @param mac the Compound MAC, as long as its hash is
 * @param signed the whole message with zeros in place of the MAC
 */
public record BindingClaim(
    HashProtocol hash, byte[] nonce, byte[] certificateHash, byte[] mac, byte[] signed) {}

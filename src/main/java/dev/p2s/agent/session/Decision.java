package dev.p2s.agent.session;

import dev.p2s.dataplane.kernel.TunnelAddress;

/** What admission says to one connection. */
public sealed interface Decision {

  record Admit(TunnelAddress address) implements Decision {}

  record Refuse(Refusal refusal) implements Decision {}
}

package dev.p2s.dataplane.ikev2;

/** Where a pod's IKEv2 traffic is encrypted; charon's start finds out which its node can. */
public enum EspPlace {
  /** By the node's kernel, over an xfrm device that netd makes. */
  KERNEL,
  /** By charon itself (kernel-libipsec), over a tun device that charon makes: slower. */
  USERSPACE
}

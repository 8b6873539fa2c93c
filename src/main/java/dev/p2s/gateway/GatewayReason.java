package dev.p2s.gateway;

/** Reasons of a P2SGateway's conditions and events that are not a validation's. */
public enum GatewayReason {
  /** The spec is allowed and complete. */
  Accepted,
  /** Every pod follows the accepted state. */
  Programmed,
  /** No pod runs yet, or none has reported. */
  WaitingForPods,
  /** Pods run but do not follow the newest state yet. */
  Programming,
  /** A pod cannot be made, in the API server's or the scheduler's words. */
  PodsRefused,
  /** The last edit was refused; what was accepted before goes on running. */
  RunsEarlierSpec,
  /** A kept Secret cannot be read; what runs goes on. */
  SecretDamaged,
  /** Nobody knows yet what clients shall dial. */
  AddressPending,
  /** Clients can connect. */
  Ready,
  /** Nothing runs since nothing was ever accepted. */
  NotAccepted,
  /** More connections are open than the SKU takes; nobody is thrown out. */
  SessionsExceedSku,
  /** Every secret that is shared with a RADIUS server is there. */
  SecretsRead,
  /** A RADIUS secret ends with a newline, which is seldom meant. */
  SecretEndsWithNewline,
  /** A Secret that holds a RADIUS secret is gone; what it held last is used. */
  SecretGone,
  /** Every RADIUS server answers. */
  RadiusAnswers,
  /** The keys that sign access tokens are at hand. */
  IssuerAnswers,
  /** The keys that sign access tokens cannot be fetched. */
  IssuerAway,
  /** A RADIUS server does not answer, or never has. */
  NoReply,
  /** An autoscaler moves the number of pods with the connections. */
  FollowsConnections,
  /** The autoscaler cannot read how many connections there are. */
  MetricMissing,
  /** The server certificate of a Secret of somebody's own is in use. */
  CertificateRead,
  /** The Secret with the server certificate has none any more that clients would take. */
  CertificateNotUsable,
  /** Pods that run an earlier template are replaced. */
  RollingOut,
  /** The nodes' kernels encrypt what IKEv2 clients send and get. */
  NodeKernel,
  /** A node's kernel cannot, so the IKEv2 server does it itself, slower. */
  UserSpace,
  /** Replicas run in two zones or more. */
  SeveralZones,
  /** Nothing can be spread: the cluster's nodes name one zone or none. */
  ClusterHasOneZone,
  /** One replica cannot be in two zones. */
  OneReplica,
  /** The cluster has more zones than the replicas are in. */
  OneZoneUsed,
  /** Pods run an earlier template. */
  PodsRunEarlierTemplate
}

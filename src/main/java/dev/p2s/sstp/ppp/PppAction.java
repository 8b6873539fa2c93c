package dev.p2s.sstp.ppp;

/** What is to be done for a link. */
public sealed interface PppAction {

  record Send(PppFrame frame) implements PppAction {}

  /** Somebody asks to be let in. */
  record Ask(Login login) implements PppAction {}

  /** The client has its addresses. */
  record Open() implements PppAction {}

  /** The link has ended. */
  record Over(String why) implements PppAction {}
}

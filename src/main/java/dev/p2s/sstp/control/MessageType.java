package dev.p2s.sstp.control;

/** Control messages by number, from 1 ([MS-SSTP] 2.2.2). */
enum MessageType {
  CALL_CONNECT_REQUEST,
  CALL_CONNECT_ACK,
  CALL_CONNECT_NAK,
  CALL_CONNECTED,
  CALL_ABORT,
  CALL_DISCONNECT,
  CALL_DISCONNECT_ACK,
  ECHO_REQUEST,
  ECHO_RESPONSE;

  private static final MessageType[] ALL = values();

  int number() {
    return ordinal() + 1;
  }

  static MessageType of(int number) throws MalformedPacketException {
    if (number < 1 || number > ALL.length) {
      throw new MalformedPacketException(Status.INVALID_FRAME_RECEIVED, 0);
    }
    return ALL[number - 1];
  }
}

package dev.p2s.sstp.control;

/** A packet that [MS-SSTP] does not allow; the peer is told status and attribute. */
public final class MalformedPacketException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Status status;
  private final int attribute;

  MalformedPacketException(Status status, int attribute) {
    super(status + " (attribute " + attribute + ")", null, false, false);
    this.status = status;
    this.attribute = attribute;
  }

  /** What is wrong. */
  public Status status() {
    return status;
  }

  /** The number of the attribute that it is about; 0 where it is about none. */
  public int attribute() {
    return attribute;
  }
}

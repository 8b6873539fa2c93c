package dev.p2s.agent;

/**
 * How the SSTP endpoint's place in the pod is used.
 *
 * @param open whether it takes connections
 * @param occupied whether it has calls, so that its device has to stay
 */
record SstpPlace(boolean open, boolean occupied) {

  static final SstpPlace EMPTY = new SstpPlace(false, false);
}

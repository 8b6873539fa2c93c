package dev.p2s.api.v1alpha1;

/** Operating systems of clients (seed, table of clients, and Android from its text). */
public enum ClientPlatform {
  Windows,
  macOS,
  Linux,
  iOS,
  Android
}

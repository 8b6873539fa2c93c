package dev.p2s.dataplane;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * A RADIUS server that the spec names.
 *
 * @param address numeric
 * @param score 1–30; the higher is asked first
 * @param port UDP port of authentication
 * @param accountingPort UDP port of accounting
 * @param secretEntry the entry of the state Secret that holds the shared secret in base64
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ConfiguredRadiusServer(
    String address, int score, int port, int accountingPort, String secretEntry) {}

package dev.p2s.dataplane;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * A replica that takes clients.
 *
 * @param ordinal of its pod
 * @param address where clients reach it and no other, a name or numeric; null where they cannot
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ServingReplica(int ordinal, String address) {}

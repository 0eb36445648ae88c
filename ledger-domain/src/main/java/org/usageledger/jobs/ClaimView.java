package org.usageledger.jobs;

import java.time.Instant;

/**
 * One taking-up of an execution.
 *
 * @param reason start, again, restart, lease_expired, expunged or lost_locally
 */
public record ClaimView(long epoch, String node, long incarnation, String reason, Instant at) {}

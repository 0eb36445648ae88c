package org.usageledger.jobs;

import java.util.UUID;

/**
 * A node's hold on an execution.
 *
 * @param epoch raised by each claim: the fencing token
 */
record Claim(UUID execution, NodeIdentity node, long epoch) {}

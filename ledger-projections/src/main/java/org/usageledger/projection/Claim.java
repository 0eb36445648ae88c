package org.usageledger.projection;

/**
 * A node's hold on a projection.
 *
 * @param owner the node
 * @param epoch raised by each claim: the fencing token
 */
public record Claim(String projection, String owner, long epoch) {}

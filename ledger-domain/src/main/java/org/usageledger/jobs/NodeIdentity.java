package org.usageledger.jobs;

/**
 * One life of a node.
 *
 * @param incarnation raised at each start of the same node
 */
public record NodeIdentity(String id, long incarnation) {}

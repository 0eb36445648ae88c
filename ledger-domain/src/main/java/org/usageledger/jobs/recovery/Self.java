package org.usageledger.jobs.recovery;

/**
 * The node that plans.
 *
 * @param incarnation raised at each start of the same node: what an older one has is left over
 * @param generation executions of another generation of the code are not touched
 */
public record Self(String node, long incarnation, int generation) {}

package org.usageledger.tasks;

/**
 * One life of a node, as it is registered.
 *
 * @param node its name
 * @param incarnation raised at each start under the same name
 */
public record NodeLife(String node, long incarnation) {}

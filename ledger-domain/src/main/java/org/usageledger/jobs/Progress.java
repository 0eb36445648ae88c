package org.usageledger.jobs;

/**
 * How far an execution has come.
 *
 * @param position of the log up to which it has worked
 * @param goal the position it is going to, as far as is known
 */
public record Progress(long position, long goal) {}

package org.usageledger.jobs;

/**
 * Something that an execution found and its operator should read.
 *
 * @param position of the log, 0 where it concerns none
 */
public record Found(long position, String what) {}

package org.usageledger.log;

/**
 * Something in the log that is not as it was written.
 *
 * @param position where; the first of them where it concerns several
 * @param what is wrong, for an operator
 */
public record Finding(long position, String what) {}

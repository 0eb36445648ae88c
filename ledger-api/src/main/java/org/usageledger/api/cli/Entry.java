package org.usageledger.api.cli;

/**
 * One event of an input, as it stands there.
 *
 * @param json without a line feed
 * @param line the line of the input on which it begins, from 1
 * @param number its place among the input's events, from 1
 */
record Entry(Bytes json, long line, long number) {}

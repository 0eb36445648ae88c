package org.usageledger.running;

/** What a summary counts by. */
public enum GroupBy {
    KIND,
    ORGANIZATION,
    SPACE
}

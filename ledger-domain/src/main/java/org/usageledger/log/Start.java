package org.usageledger.log;

/** From where a reader wants to go forward. */
public sealed interface Start {
    /** After a cursor it was handed before. */
    record After(Cursor cursor) implements Start {}

    /** From the first event that remains; acknowledges what was pruned before. */
    record Oldest() implements Start {}

    /** From what will be recorded next. */
    record Newest() implements Start {}
}

package org.usageledger.jobs.recovery;

import java.util.UUID;

/** What the threads that start and end executions say, to be heard by the pass. */
sealed interface Message {

    record Starting(UUID execution) implements Message {}

    record Created(Key key) implements Message {}

    record CreateFailed(UUID execution) implements Message {}

    record CreateInDoubt(UUID execution) implements Message {}

    record Ended(Key key) implements Message {}
}

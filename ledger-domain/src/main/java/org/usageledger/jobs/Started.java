package org.usageledger.jobs;

import java.util.UUID;

/** The answer to the wish to start an execution. */
public sealed interface Started {

    /** It will be carried out; or it was already known by its request key. */
    record Accepted(UUID execution) implements Started {}

    /** Another execution has the scope. */
    record ActiveAlready(UUID execution) implements Started {}

    /** The request key names an execution with other content. */
    record KeyTaken(UUID execution) implements Started {}

    /**
     * Not what the job takes.
     *
     * @param problem names the parameter
     */
    record BadParameters(String problem) implements Started {}

    record NoSuchJob(String job) implements Started {}
}

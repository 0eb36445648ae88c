package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/** One kind of background work. It may be killed at any point and carried on by another node, so all it knows is in the database. */
public interface Job {

    /** The name that operators use. */
    String name();

    /** What it does, in a sentence for operators. */
    String description();

    /**
     * What it has for itself while it works: at most one active execution a scope; empty if any number may go on at a time. Called with
     * parameters that were not refused.
     */
    Optional<String> scope(Map<String, String> parameters);

    /** What is wrong with these parameters; empty if nothing is. */
    Optional<String> refuse(Map<String, String> parameters);

    /**
     * Carries an execution out, from wherever an earlier claim has left it. Returns after {@link Execution#finish}, or where nothing is
     * left to do. What it throws is retried later, a bounded number of times, but
     * for {@link PermanentFailure}.
     *
     * @throws Fenced when the claim is lost: nothing more is to be done here
     */
    void carryOut(Execution execution) throws SQLException, InterruptedException;

    /**
     * Takes away what an execution that will not be carried on would leave in the way; part of the transaction that ends it. What it throws is
     * retried; an execution that cannot even do this is stuck.
     */
    void giveUp(Connection transaction, Execution execution) throws SQLException;
}

package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes away what an execution would leave in the way that is given up whether or not that can be done. */
final class CleaningUp {
    private static final Logger LOG = LoggerFactory.getLogger(CleaningUp.class);

    private CleaningUp() {}

    /** What it leaves behind, in a sentence; empty if nothing. Part of the transaction that gives it up, and never what keeps it from that. */
    static String tried(Connection transaction, Job job, Execution execution) throws SQLException {
        Savepoint before = transaction.setSavepoint();
        try {
            job.giveUp(transaction, execution);
            return "";
        } catch (SQLException | RuntimeException | Error e) {
            transaction.rollback(before);
            LOG.warn("execution {} is given up without cleaning up", execution.id(), e);
            return "not cleaned up: " + ErrorText.of(e);
        }
    }
}

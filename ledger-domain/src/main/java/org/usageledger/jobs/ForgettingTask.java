package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.tasks.BackgroundTask;
import org.usageledger.tasks.Result;

/**
 * Forgets executions that ended long ago, with all that is recorded of them, a bounded number of rows at a time. Every node tries, one at a
 * time does. What stays however old it is: what has not ended, the last of each job and scope, and what somebody has still to look at.
 */
public final class ForgettingTask implements BackgroundTask {
    /** As operators know it. */
    public static final String NAME = "forget_executions";

    private static final Logger LOG = LoggerFactory.getLogger(ForgettingTask.class);
    private static final Duration PERIOD = Duration.ofHours(1);

    /** Rows of one transaction: well below a second. */
    private static final int ROWS = 2_000;

    /** Transactions of one activation; where there is more to do, the next one begins at once. */
    private static final int TRANSACTIONS = 50;

    private static final String FORGET = """
            select
              executions,
              deleted,
              busy
            from ledger_forget_executions(?, ?)
            """;

    private final DataSource database;
    private final int days;
    private final int rows;
    private final AtomicLong forgotten = new AtomicLong();

    /** @param days after its end from which on an execution is forgotten, at least 1 */
    public ForgettingTask(DataSource database, int days) {
        this(database, days, ROWS);
    }

    ForgettingTask(DataSource database, int days, int rows) {
        this.database = database;
        this.days = days;
        this.rows = rows;
    }

    /** What one transaction came to. */
    private record Batch(long executions, long deleted, boolean busy) {}

    /** Executions that this node has forgotten since its start. */
    public long forgotten() {
        return forgotten.get();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "Forgets executions that ended more than " + days + " days ago.";
    }

    @Override
    public Duration period() {
        return PERIOD;
    }

    @Override
    public Result activate() throws SQLException {
        long executions = 0;
        long deleted = 0;
        Batch batch = new Batch(0, rows, false);
        int transactions = 0;
        try (Connection connection = database.getConnection()) {
            while (batch.deleted() > 0
                    && transactions < TRANSACTIONS
                    && !Thread.currentThread().isInterrupted()) {
                batch = forget(connection);
                executions += batch.executions();
                deleted += batch.deleted();
                transactions++;
            }
        }
        return result(executions, deleted, batch);
    }

    private Batch forget(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
            statement.setInt(1, days);
            statement.setInt(2, rows);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                Batch batch = new Batch(row.getLong("executions"), row.getLong("deleted"), row.getBoolean("busy"));
                forgotten.addAndGet(batch.executions());
                return batch;
            }
        }
    }

    private Result result(long executions, long deleted, Batch last) {
        if (executions > 0) {
            LOG.info(
                    "forgot {} executions that ended more than {} days ago, {} rows in all", executions, days, deleted);
        }
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("keep_days", days);
        details.put("forgotten", executions);
        details.put("deleted_rows", deleted);
        details.put("busy", last.busy());
        details.put("since_start", forgotten.get());
        Result result = Result.success(
                last.busy()
                        ? "another node forgets executions now"
                        : "forgot " + executions + " executions that ended more than " + days + " days ago",
                details);
        return last.deleted() > 0 ? result.again(Duration.ZERO) : result;
    }
}

package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** Counts to a number in the database, a chunk each, and stops where it is told to until it may go on. */
final class CountingJob implements Job {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final int stopAt;
    final CountDownLatch stopped = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);
    volatile boolean broken;
    volatile boolean dying;
    volatile boolean dyingInCleanUp;
    /** Fails once before each number. */
    volatile boolean stumbling;

    private final Set<Long> stumbled = ConcurrentHashMap.newKeySet();

    CountingJob() {
        this(-1);
    }

    CountingJob(int stopAt) {
        this.stopAt = stopAt;
    }

    @Override
    public String name() {
        return "count";
    }

    @Override
    public String description() {
        return "Counts.";
    }

    @Override
    public Optional<String> scope(Map<String, String> parameters) {
        return Optional.of("count:" + parameters.get("to"));
    }

    @Override
    public Optional<String> refuse(Map<String, String> parameters) {
        return parameters.containsKey("to") ? Optional.empty() : Optional.of("count wants to know how far: to");
    }

    @Override
    public void carryOut(Execution execution) throws SQLException, InterruptedException {
        int to = Integer.parseInt(execution.parameters().getOrDefault("to", "0"));
        Progress now = new Progress(0, to);
        while (now.position() < to) {
            now = execution.chunk(1, transaction -> new Progress(count(transaction), to));
            if (now.position() == stopAt) {
                stopped.countDown();
                if (!goOn.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new IllegalStateException("nobody let it go on");
                }
            }
        }
        execution.finish(2, transaction -> new Progress(to, to));
    }

    private long count(Connection transaction) throws SQLException {
        if (broken) {
            throw new IllegalStateException("cannot count");
        }
        if (dying) {
            try (var statement =
                    transaction.prepareStatement("update job_execution set abandon_comment = 'half done'")) {
                statement.executeUpdate();
            }
            throw new StackOverflowError("too deep");
        }
        try (var statement = transaction.prepareStatement("select count(*) + 1 from job_step_event where step = 1");
                var row = statement.executeQuery()) {
            row.next();
            long next = row.getLong(1);
            if (stumbling && stumbled.add(next)) {
                throw new IllegalStateException("stumbled at " + next);
            }
            return next;
        }
    }

    @Override
    public void giveUp(Connection transaction, Execution execution) throws SQLException {
        if (dyingInCleanUp) {
            throw new StackOverflowError("too deep to clean up");
        }
        try (var statement = transaction.prepareStatement("delete from job_step_event where execution_id = ?")) {
            statement.setObject(1, execution.id());
            statement.executeUpdate();
        }
    }

    /** Executions that an attempt left half done. */
    static long marks(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                var statement = connection.prepareStatement(
                        "select count(*) from job_execution where abandon_comment = 'half done'");
                var row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}

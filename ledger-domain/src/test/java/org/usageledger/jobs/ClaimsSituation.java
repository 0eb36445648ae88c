package org.usageledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.usageledger.event.Origin;
import org.usageledger.event.UsageEvent;
import org.usageledger.log.AppendRequest;
import org.usageledger.log.AppendResult;
import org.usageledger.log.Fence;
import org.usageledger.log.LogAppender;
import org.usageledger.log.NewEvent;
import org.usageledger.postgres.testing.Await;

/** Claims that are held as long as a test wants, and what appends beside them. */
abstract class ClaimsSituation extends JobsSituation {
    static final Duration LONG = Duration.ofDays(1);

    NodeIdentity registered(String name) throws SQLException {
        try (Connection connection = database.open()) {
            return NodeTable.register(connection, name);
        }
    }

    /** Takes up whatever is free, or was held for no time. */
    List<Execution> claimed(NodeIdentity node, Duration lease) throws SQLException {
        try (Connection connection = database.open()) {
            return claimed(connection, node, lease).stream()
                    .map(claimed -> new Execution(
                            Workplace.of(database.dataSource(), JobTimes.USUAL, FaultPoints.NONE),
                            claimed.claim(),
                            Map.of(),
                            (_, _, _) -> {}))
                    .toList();
        }
    }

    static AppendRequest request(UsageEvent event, Optional<Fence> fence) {
        return new AppendRequest(
                List.of(NewEvent.of(event, Origin.PLATFORM)),
                AppendRequest.OnConflict.REFUSE_REQUEST,
                List.of(),
                fence);
    }

    static AppendResult append(LogAppender appender, UsageEvent event) throws Exception {
        return answer(appender.append(request(event, Optional.empty())));
    }

    static AppendResult answer(CompletableFuture<AppendResult> future) throws Exception {
        return future.get(CountingJob.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits until a session of the appender's waits for the counter. */
    void awaitAppenderAtTheCounter() {
        Await.untilTrue(CountingJob.PATIENCE, () -> "no appender waits", () -> number("""
                select count(*)
                from pg_stat_activity
                where datname = current_database()
                  and application_name = 'usage-ledger appender'
                  and wait_event_type = 'Lock'
                """) > 0);
    }

    long events() throws SQLException {
        return number("""
                select count(*)
                from usage_event
                """);
    }

    long number(String sql) throws SQLException {
        try (Connection connection = database.open();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            assertThat(row.next()).isTrue();
            return row.getLong(1);
        }
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

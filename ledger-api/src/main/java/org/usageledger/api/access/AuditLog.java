package org.usageledger.api.access;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;

/**
 * Every administrative act: written before it is done, its outcome after. An act that cannot be written is not done; one without an
 * outcome may have been done or not.
 */
public final class AuditLog {
    /** Entries shown at a time. */
    static final int LIST_LIMIT = 1_000;

    /** Others may be writing; a service that was frozen while it did must not keep all others from their acts for longer. */
    private static final Duration TURN = Duration.ofSeconds(3);

    /** Those before it in this process are quick, or end with their turn; who waits holds nothing. */
    private static final Duration LINE = Duration.ofSeconds(20);

    /** One writer at a time, so that entries are seen in the order of their numbers and a reader who goes on after one misses none. */
    private static final String TAKE_TURN = """
            select
              set_config('lock_timeout', ?, true),
              set_config('idle_in_transaction_session_timeout', ?, true),
              pg_advisory_xact_lock(hashtextextended('usage-ledger audit', 0))
            """;

    private static final String BEGIN = """
            insert into audit_entry (subject, client, address, route, target, request_id, attempts)
            values (?, ?, ?, ?, ?, ?, ?)
            returning number
            """;

    private static final String END = """
            insert into audit_outcome (number, status, location)
            values (?, ?, ?)
            """;

    private static final String LIST = """
            select
              e.number,
              e.at,
              e.subject,
              e.client,
              e.address,
              e.route,
              e.target,
              e.request_id,
              e.attempts,
              o.at as ended_at,
              o.status,
              o.location
            from audit_entry e
            left join audit_outcome o
              on o.number = e.number
            where e.number > ?
            order by e.number
            limit ?
            """;

    private static final String BEFORE_NEWEST = """
            select coalesce(min(newest.number), 1) - 1 as after
            from (
              select number
              from audit_entry
              order by number desc
              limit ?
            ) newest
            """;

    private final DataSource database;

    /** Waited for before a connection is taken: of those that the service lives on, the audit log never holds more than one to begin with. */
    private final Semaphore turn = new Semaphore(1, true);

    public AuditLog(DataSource database) {
        this.database = database;
    }

    /**
     * Durable when it returns.
     *
     * @return the entry's number
     */
    long begin(AuditAttempt attempt) {
        return write(attempt, 1, Optional.empty());
    }

    /**
     * An act that was refused before anything was done.
     *
     * @param attempts how many like it the entry stands for
     */
    void refused(AuditAttempt attempt, int status, long attempts) {
        write(attempt, attempts, Optional.of(status));
    }

    private long write(AuditAttempt attempt, long attempts, Optional<Integer> status) {
        try {
            if (!turn.tryAcquire(LINE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AuditFault("writing to the audit log", new TimeoutException("others are still writing"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AuditFault("waiting to write to the audit log", e);
        }
        try {
            return inTurn(attempt, attempts, status);
        } finally {
            turn.release();
        }
    }

    private long inTurn(AuditAttempt attempt, long attempts, Optional<Integer> status) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            takeTurn(connection);
            long number = insert(connection, attempt, attempts);
            if (status.isPresent()) {
                insert(connection, number, status.get(), Optional.empty());
            }
            connection.commit();
            return number;
        } catch (SQLException e) {
            throw new AuditFault("writing to the audit log", e);
        }
    }

    /** How an act ended. */
    void end(long number, int status, Optional<String> location) {
        try (Connection connection = database.getConnection()) {
            insert(connection, number, status, location);
        } catch (SQLException e) {
            throw new AuditFault("writing how act " + number + " of the audit log ended", e);
        }
    }

    private static void takeTurn(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TAKE_TURN)) {
            statement.setString(1, Long.toString(TURN.toMillis()));
            statement.setString(2, Long.toString(TURN.toMillis()));
            statement.executeQuery().close();
        }
    }

    private static long insert(Connection connection, AuditAttempt attempt, long attempts) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BEGIN)) {
            statement.setString(1, attempt.caller().subject().orElse(null));
            statement.setString(2, attempt.caller().client().orElse(null));
            statement.setString(3, attempt.caller().address());
            statement.setString(4, attempt.route());
            statement.setString(5, attempt.target());
            statement.setString(6, attempt.requestId());
            statement.setLong(7, attempts);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void insert(Connection connection, long number, int status, Optional<String> location)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(END)) {
            statement.setLong(1, number);
            statement.setInt(2, status);
            statement.setString(3, location.orElse(null));
            statement.executeUpdate();
        }
    }

    /**
     * In the order they were begun.
     *
     * @param after 0 for the first page, else the last number of the page before
     */
    List<AuditEntry> list(long after, int limit) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(LIST)) {
            statement.setLong(1, after);
            statement.setInt(2, limit);
            List<AuditEntry> entries = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    entries.add(entry(row));
                }
            }
            return entries;
        } catch (SQLException e) {
            throw new AuditFault("reading the audit log", e);
        }
    }

    /** After which number the last so many entries begin. */
    long beforeNewest(int limit) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(BEFORE_NEWEST)) {
            statement.setInt(1, limit);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong("after");
            }
        } catch (SQLException e) {
            throw new AuditFault("looking for the end of the audit log", e);
        }
    }

    private static AuditEntry entry(ResultSet row) throws SQLException {
        OffsetDateTime ended = row.getObject("ended_at", OffsetDateTime.class);
        Optional<AuditEntry.Outcome> outcome = ended == null
                ? Optional.empty()
                : Optional.of(new AuditEntry.Outcome(
                        ended.toInstant(), row.getInt("status"), Optional.ofNullable(row.getString("location"))));
        return new AuditEntry(
                row.getLong("number"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(row.getString("subject")),
                Optional.ofNullable(row.getString("client")),
                row.getString("address"),
                row.getString("route"),
                row.getString("target"),
                row.getString("request_id"),
                row.getLong("attempts"),
                outcome);
    }
}

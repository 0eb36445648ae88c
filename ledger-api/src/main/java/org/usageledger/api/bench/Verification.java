package org.usageledger.api.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.usageledger.log.AppendResult;
import org.usageledger.log.Outcome;
import org.usageledger.postgres.DatabaseAddress;

/** Counts afterwards what was written: a contender that did not do its work has no figure. */
final class Verification {
    private static final String LOG = """
            select
              (select head from ledger_head) as head,
              count(*) as events,
              coalesce(min(position), 1) as first_position,
              coalesce(max(position), 0) as last_position,
              (select count(*) from event_identity) as identities
            from usage_event
            """;

    private static final String CONTENDERS = """
            select
              (select count(*) from limit_event) as limit_events,
              (select count(*) from limit_identity) as limit_identities,
              (select count(*) from bare_event) as bare_events,
              (select count(*) from sequence_event) as sequence_events,
              (select head from lone_head) as lone_head,
              (select count(*) from lone_event) as lone_events,
              (select count(*) from lone_identity) as lone_identities
            """;

    private Verification() {}

    /**
     * Takes an answer of the appender only if each event of the request was recorded by it: a duplicate costs less than what is measured.
     *
     * @throws RunRefused if one was not
     */
    static AppendResult.Done recorded(AppendResult result, int events) {
        if (!(result instanceof AppendResult.Done done)) {
            throw new RunRefused("The appender did not record a request: " + result);
        }
        long recorded = done.outcomes().stream()
                .filter(Outcome.Recorded.class::isInstance)
                .count();
        same("events recorded of a request", events, recorded);
        return done;
    }

    /** @throws RunRefused if the log does not hold as many events as were acknowledged, without a hole */
    static void log(Connection connection, long acknowledged) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOG);
                ResultSet row = statement.executeQuery()) {
            row.next();
            same("events in the log", acknowledged, row.getLong("events"));
            same("the head", acknowledged, row.getLong("head"));
            same("the first position", 1, row.getLong("first_position"));
            same("the last position", acknowledged, row.getLong("last_position"));
            same("identities", acknowledged, row.getLong("identities"));
        }
    }

    /** As above, on a connection of its own. */
    static void log(DatabaseAddress database, long acknowledged) throws SQLException {
        try (Connection connection = database.open()) {
            log(connection, acknowledged);
        }
    }

    /** What each contender says it has written. */
    record Written(long limit, long bare, long sequence, long lone) {}

    /** @throws RunRefused if a contender's table does not hold what it says it has written */
    static void contenders(Connection connection, Written written) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CONTENDERS);
                ResultSet row = statement.executeQuery()) {
            row.next();
            same("rows copied", written.limit(), row.getLong("limit_events"));
            same("identities copied", written.limit(), row.getLong("limit_identities"));
            same("bare rows", written.bare(), row.getLong("bare_events"));
            same("rows by sequence", written.sequence(), row.getLong("sequence_events"));
            same("rows of lone callers", written.lone(), row.getLong("lone_events"));
            same("identities of lone callers", written.lone(), row.getLong("lone_identities"));
            same("the lone callers' head", written.lone(), row.getLong("lone_head"));
        }
    }

    private static void same(String what, long expected, long found) {
        if (expected != found) {
            throw new RunRefused("The run is refused: " + what + " should be " + expected + " and are " + found + ".");
        }
    }
}

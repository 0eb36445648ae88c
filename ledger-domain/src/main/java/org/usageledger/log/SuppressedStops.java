package org.usageledger.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.usageledger.event.Body;

/** The task stops that were not recorded, for operators to read. */
public final class SuppressedStops {
    /** Bytes of bodies after which a page ends early: what one reader may cost of the heap, as with pages of the log. */
    static final long PAGE_BYTES = EventPages.PAGE_BYTES;

    /** Rows that the driver holds beside the page: of the largest events by default as much as a page again. */
    private static final int FETCH_ROWS = 128;

    private static final String LIST = """
            select
              number,
              reason,
              suppressed_at,
              occurred_at,
              guid,
              resource_key,
              previous_state,
              app,
              space,
              organization,
              recorded_position,
              body
            from suppressed_stop
            where number > ?
            order by number
            limit ?
            """;

    private static final String COUNT = """
            select count(*)
            from suppressed_stop
            where recorded_position is null
            """;

    private final DataSource database;

    public SuppressedStops(DataSource database) {
        this.database = database;
    }

    /**
     * Some of them, at least one where there are any.
     *
     * @param more whether others follow; a page of large events is shorter than its limit before the end
     */
    public record Listed(List<SuppressedStop> stops, boolean more) {}

    /**
     * In the order they came.
     *
     * @param after 0 for the first page, else the last number of the page before
     */
    public Listed list(long after, int limit) {
        LogReader.checkLimit(limit);
        try (Connection connection = database.getConnection()) {
            // The driver fetches row by row only inside a transaction.
            connection.setAutoCommit(false);
            try {
                return listed(connection, after, limit);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new LogFault("listing suppressed stops", e);
        }
    }

    private static Listed listed(Connection connection, long after, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LIST)) {
            statement.setFetchSize(FETCH_ROWS);
            statement.setLong(1, after);
            // One more than asked for tells whether there is a next page.
            statement.setInt(2, limit + 1);
            List<SuppressedStop> stops = new ArrayList<>();
            long bytes = 0;
            try (ResultSet row = statement.executeQuery()) {
                while (stops.size() < limit && bytes < PAGE_BYTES && row.next()) {
                    SuppressedStop stop = stop(row);
                    stops.add(stop);
                    bytes += stop.body().length();
                }
                return new Listed(stops, row.next());
            }
        }
    }

    private static SuppressedStop stop(ResultSet row) throws SQLException {
        return new SuppressedStop(
                row.getLong("number"),
                SuppressionReason.ofLabel(row.getString("reason")),
                row.getObject("suppressed_at", OffsetDateTime.class).toInstant(),
                row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                row.getString("guid"),
                row.getString("resource_key"),
                row.getString("previous_state"),
                row.getString("app"),
                row.getString("space"),
                row.getString("organization"),
                row.getObject("recorded_position", Long.class),
                Body.owning(row.getBytes("body")));
    }

    /** How many are suppressed and were not recorded later. */
    public long count() {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(COUNT);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new LogFault("counting suppressed stops", e);
        }
    }
}

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
     * In the order they came.
     *
     * @param after 0 for the first page, else the last number of the page before
     */
    public List<SuppressedStop> list(long after, int limit) {
        LogReader.checkLimit(limit);
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(LIST)) {
            statement.setLong(1, after);
            statement.setInt(2, limit);
            List<SuppressedStop> stops = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    stops.add(stop(row));
                }
            }
            return stops;
        } catch (SQLException e) {
            throw new LogFault("listing suppressed stops", e);
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

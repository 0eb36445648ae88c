package org.usageledger.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Finds a place in the log by recording time, by halves: positions and recording times go up together, so that no index on times is needed. */
final class TimeSearch {
    private static final String NEXT = """
            select
              position,
              recorded_at
            from usage_event
            where position > ?
            and position <= ?
            order by position
            limit 1
            """;

    private final Connection connection;

    TimeSearch(Connection connection) {
        this.connection = connection;
    }

    /** The highest position up to which everything was recorded before this time. */
    long before(Instant time, long upTo) throws SQLException {
        long earlier = 0;
        long notEarlier = upTo;
        try (PreparedStatement statement = connection.prepareStatement(NEXT)) {
            while (earlier < notEarlier) {
                long middle = earlier + (notEarlier - earlier) / 2;
                statement.setLong(1, middle);
                statement.setLong(2, notEarlier);
                try (ResultSet row = statement.executeQuery()) {
                    // Nothing there: it was pruned, and a half without events is neither earlier nor later.
                    if (row.next() && recordedAt(row).isBefore(time)) {
                        earlier = row.getLong("position");
                    } else {
                        notEarlier = middle;
                    }
                }
            }
        }
        return earlier;
    }

    private static Instant recordedAt(ResultSet row) throws SQLException {
        return row.getObject("recorded_at", OffsetDateTime.class).toInstant();
    }
}

package org.usageledger.api.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;

/** The bare statement of a page on a connection that is open already, every column taken. */
final class SqlPages implements Contender {
    private static final String PAGE = """
            select
              position,
              kind,
              origin,
              recorded_at,
              body
            from usage_event
            where position > ?
            and position <= ?
            order by position
            limit ?
            """;

    private final Connection connection;
    private final long end;
    private long bytes;

    /** @param end position of the last event of the last page */
    SqlPages(Connection connection, long end) {
        this.connection = connection;
        this.end = end;
    }

    @Override
    public String name() {
        return "sql";
    }

    @Override
    public long run() throws SQLException {
        for (int page = HttpPages.PAGES; page > 0; page--) {
            fetch(end - (long) page * HttpPages.PAGE);
        }
        return HttpPages.PAGES;
    }

    private void fetch(long after) throws SQLException {
        int rows = 0;
        try (PreparedStatement statement = connection.prepareStatement(PAGE)) {
            statement.setLong(1, after);
            statement.setLong(2, end);
            statement.setInt(3, HttpPages.PAGE);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    bytes += row.getLong(1) + row.getInt(2) + row.getInt(3) + row.getBytes(5).length;
                    bytes += row.getObject(4, OffsetDateTime.class).getNano();
                    rows++;
                }
            }
        }
        if (rows != HttpPages.PAGE || bytes == 0) {
            throw new RunRefused("The run is refused: a page of " + rows + " rows.");
        }
    }
}

package org.usageledger.api.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** COPY of the columns that an answer is made of, as text; whoever takes them only counts the rows. */
final class CopyStream implements Contender {
    private static final String CHOOSE = """
            select set_config('bench.after', ?, false)
            """;

    private static final String READ = """
            copy (
              select
                position,
                kind,
                origin,
                recorded_at,
                convert_from(body, 'UTF8')
              from usage_event
              where position > current_setting('bench.after')::bigint
              order by position
            )
            to stdout
            """;

    private final Connection connection;
    private final long events;

    CopyStream(Connection connection, long head, long events) throws SQLException {
        this.connection = connection;
        this.events = events;
        try (PreparedStatement choose = connection.prepareStatement(CHOOSE)) {
            choose.setString(1, Long.toString(head - events));
            choose.executeQuery().close();
        }
    }

    @Override
    public String name() {
        return "copy";
    }

    @Override
    public long run() throws SQLException {
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(READ);
        long rows = 0;
        for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
            rows++;
        }
        if (rows != events) {
            throw new RunRefused("The run is refused: of " + events + " rows " + rows + " came.");
        }
        return rows;
    }
}

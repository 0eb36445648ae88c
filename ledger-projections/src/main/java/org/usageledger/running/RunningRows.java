package org.usageledger.running;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usageledger.event.Body;
import org.usageledger.lifecycle.ResourceKind;

/** Rows of the running projection with the event that sized each last. */
final class RunningRows implements AutoCloseable {
    /** Bytes of bodies after which a chunk ends early: what one reader may cost of the heap. */
    static final long CHUNK_BYTES = 8L << 20;

    /** Rows that the driver holds beside the chunk: of the largest events by default as much as a chunk again. */
    private static final int FETCH_ROWS = 128;

    // Everything after (0, '') is everything: no kind has the code 0.
    private static final String ROWS = """
            select
              r.resource_kind, r.resource_key, r.since, r.since_exact, r.instances, r.memory_mb,
              r.first_position, r.latest_position, e.body
            from (
              select
                resource_kind, resource_key, since, since_exact, instances, memory_mb, first_position, latest_position
              from running_resource
              where slot = ?
                and (resource_kind, resource_key) > (?, ?)
                and (?::smallint is null or resource_kind = ?)
                and (?::text is null or organization = ?)
                and (?::text is null or space = ?)
                and (?::text is null or app = ?)
              order by resource_kind, resource_key
              limit ?
            ) r
            left join usage_event e on e.position = r.latest_position
            order by r.resource_kind, r.resource_key
            """;

    private final PreparedStatement statement;
    private final ResultSet rows;

    /**
     * Which rows.
     *
     * @param limit null for all
     */
    record Wanted(
            RunningFilter filter,
            @Nullable PageToken after,
            @Nullable Integer limit) {}

    private RunningRows(PreparedStatement statement, ResultSet rows) {
        this.statement = statement;
        this.rows = rows;
    }

    static RunningRows open(ReadTransaction transaction, Wanted wanted) throws SQLException {
        Connection connection = transaction.connection();
        PreparedStatement statement = connection.prepareStatement(ROWS);
        try {
            statement.setFetchSize(FETCH_ROWS);
            bind(statement, transaction.slot(), wanted);
            return new RunningRows(statement, statement.executeQuery());
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    private static void bind(PreparedStatement statement, int slot, Wanted wanted) throws SQLException {
        PageToken after = wanted.after();
        RunningFilter filter = wanted.filter();
        ResourceKind kind = filter.kind();
        statement.setInt(1, slot);
        statement.setInt(2, after == null ? 0 : after.kind().code());
        statement.setString(3, after == null ? "" : after.guid());
        statement.setObject(4, kind == null ? null : kind.code(), Types.SMALLINT);
        statement.setObject(5, kind == null ? null : kind.code(), Types.SMALLINT);
        statement.setString(6, filter.organization());
        statement.setString(7, filter.organization());
        statement.setString(8, filter.space());
        statement.setString(9, filter.space());
        statement.setString(10, filter.app());
        statement.setString(11, filter.app());
        statement.setObject(12, wanted.limit(), Types.INTEGER);
    }

    /** At most so many of the rows that are left, fewer where they are large; empty only at the end. */
    List<RunningResource> next(int atMost) throws SQLException {
        List<RunningResource> resources = new ArrayList<>();
        long bytes = 0;
        while (resources.size() < atMost && bytes < CHUNK_BYTES && rows.next()) {
            RunningResource resource = resource(rows);
            resources.add(resource);
            bytes += resource.latestBody().length();
        }
        return resources;
    }

    /** Whether a row is left after those handed out. It is passed over: this is the last question. */
    boolean areFollowed() throws SQLException {
        return rows.next();
    }

    private static RunningResource resource(ResultSet row) throws SQLException {
        byte[] body = row.getBytes("body");
        long latest = row.getLong("latest_position");
        if (body == null) {
            throw new IllegalStateException("the event at " + latest + " sizes an open run but is not in the log");
        }
        return new RunningResource(
                ResourceKind.ofCode(row.getInt("resource_kind")),
                row.getString("resource_key"),
                row.getObject("since", OffsetDateTime.class).toInstant(),
                row.getBoolean("since_exact"),
                row.getObject("instances", Integer.class),
                row.getObject("memory_mb", Integer.class),
                row.getLong("first_position"),
                latest,
                Body.owning(body));
    }

    @Override
    public void close() throws SQLException {
        try (statement) {
            rows.close();
        }
    }
}

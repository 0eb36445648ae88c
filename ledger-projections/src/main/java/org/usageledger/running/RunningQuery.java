package org.usageledger.running;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.usageledger.log.Cursor;
import org.usageledger.projection.PositionWatch;
import org.usageledger.projection.ProjectionFault;

/** What runs. Each answer is of one snapshot of the database and says of which position. */
public final class RunningQuery {
    /** Resources on a page at most. */
    public static final int PAGE_LIMIT = 5_000;

    private static final String BY_KIND = """
            select
              case resource_kind when 1 then 'process' when 2 then 'task' when 3 then 'service_instance' end as key,
              count(*) as resources,
              coalesce(sum(instances), 0) as instances,
              coalesce(sum(instances::bigint * memory_mb), 0) as memory_mb
            from running_resource
            where slot = ?
            group by resource_kind
            order by resource_kind
            """;

    private static final String BY_ORGANIZATION = """
            select
              organization as key,
              count(*) as resources,
              coalesce(sum(instances), 0) as instances,
              coalesce(sum(instances::bigint * memory_mb), 0) as memory_mb
            from running_resource
            where slot = ?
            group by organization
            order by organization
            """;

    private static final String BY_SPACE = """
            select
              space as key,
              count(*) as resources,
              coalesce(sum(instances), 0) as instances,
              coalesce(sum(instances::bigint * memory_mb), 0) as memory_mb
            from running_resource
            where slot = ?
            group by space
            order by space
            """;

    private final DataSource database;
    private final PositionWatch positions;
    private final SnapshotPlaces places;

    public RunningQuery(DataSource database, PositionWatch positions, SnapshotLimits snapshots) {
        this.database = database;
        this.positions = positions;
        places = new SnapshotPlaces(snapshots);
    }

    /**
     * A page, ordered by kind and guid. It may be shorter than the limit before the end, where the events are large.
     *
     * @param after null for the first page
     * @param limit 1 to {@value #PAGE_LIMIT}
     */
    public RunningPage page(RunningFilter filter, @Nullable PageToken after, int limit) {
        if (limit < 1 || limit > PAGE_LIMIT) {
            throw new IllegalArgumentException("limit is 1 to " + PAGE_LIMIT + ", not " + limit);
        }
        // One more than asked for tells whether there is a next page.
        RunningRows.Wanted wanted = new RunningRows.Wanted(filter, after, limit + 1);
        try (ReadTransaction transaction = ReadTransaction.begin(database);
                RunningRows rows = RunningRows.open(transaction, wanted)) {
            AsOf asOf = after == null ? transaction.asOf() : after.asOf();
            List<RunningResource> page = rows.next(limit);
            if (!rows.areFollowed()) {
                return new RunningPage(asOf, page, null);
            }
            RunningResource last = page.getLast();
            return new RunningPage(asOf, page, new PageToken(asOf, last.kind(), last.guid()));
        } catch (SQLException e) {
            throw new ProjectionFault("reading a page of what runs", e);
        }
    }

    /** Everything at one moment; empty where as many snapshots stay open as may be. The caller closes it. */
    public Optional<RunningSnapshot> open(RunningFilter filter) {
        if (!places.take()) {
            return Optional.empty();
        }
        boolean opened = false;
        try {
            RunningSnapshot snapshot = opened(filter);
            opened = true;
            return Optional.of(snapshot);
        } finally {
            if (!opened) {
                places.giveBack();
            }
        }
    }

    private RunningSnapshot opened(RunningFilter filter) {
        ReadTransaction transaction = null;
        try {
            transaction = ReadTransaction.begin(database);
            RunningRows rows = RunningRows.open(transaction, new RunningRows.Wanted(filter, null, null));
            return new RunningSnapshot(transaction, rows, places);
        } catch (SQLException e) {
            ProjectionFault fault = new ProjectionFault("opening a snapshot of what runs", e);
            closeAfter(fault, transaction);
            throw fault;
        }
    }

    private static void closeAfter(ProjectionFault fault, @Nullable ReadTransaction transaction) {
        if (transaction == null) {
            return;
        }
        try {
            transaction.close();
        } catch (SQLException e) {
            fault.addSuppressed(e);
        }
    }

    /** What runs, counted. */
    public Summary summary(GroupBy by) {
        String sql = switch (by) {
            case KIND -> BY_KIND;
            case ORGANIZATION -> BY_ORGANIZATION;
            case SPACE -> BY_SPACE;
        };
        try (ReadTransaction transaction = ReadTransaction.begin(database);
                PreparedStatement statement = transaction.connection().prepareStatement(sql)) {
            statement.setInt(1, transaction.slot());
            List<Summary.Group> groups = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    groups.add(new Summary.Group(
                            row.getString("key"),
                            row.getLong("resources"),
                            row.getLong("instances"),
                            row.getLong("memory_mb")));
                }
            }
            return new Summary(transaction.asOf(), groups);
        } catch (SQLException e) {
            throw new ProjectionFault("counting what runs", e);
        }
    }

    /**
     * Waits until answers are of this cursor's position or a later one, by what was heard of the projection and then by what the database
     * says: it may have been set back to an earlier state. Whether the cursor can be served at all is the log's to say.
     *
     * @return false if it is not so in time
     * @throws ProjectionFault if the database does not say
     */
    public boolean awaitReached(Cursor notBefore, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (heard(notBefore, deadline - System.nanoTime())) {
            long stands = stands();
            if (stands >= notBefore.position()) {
                return true;
            }
            positions.setBack(RunningFold.PROJECTION, notBefore.position(), stands);
        }
        return false;
    }

    private boolean heard(Cursor notBefore, long nanos) throws InterruptedException {
        return positions.awaitReached(
                RunningFold.PROJECTION, notBefore.position(), Duration.ofNanos(Math.max(0, nanos)));
    }

    private long stands() {
        try (ReadTransaction transaction = ReadTransaction.begin(database)) {
            return transaction.asOf().cursor().position();
        } catch (SQLException e) {
            throw new ProjectionFault("reading how far what runs has come", e);
        }
    }
}

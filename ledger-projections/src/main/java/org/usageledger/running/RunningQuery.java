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
import org.usageledger.log.CursorRefusal;
import org.usageledger.log.Standpoint;
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

    /** What a snapshot is read for. */
    public enum Use {
        /** Read at once. */
        PAGE,
        /** Read at the reader's pace: only so many at a time, so that slow readers leave connections to others. */
        STREAM
    }

    private final DataSource database;
    private final PositionWatch positions;
    private final SnapshotPlaces places;

    public RunningQuery(DataSource database, PositionWatch positions, SnapshotLimits snapshots) {
        this.database = database;
        this.positions = positions;
        places = new SnapshotPlaces(snapshots);
    }

    /** What runs now, for one answer. */
    public Reached now(Use use) {
        Runnable ended = () -> {};
        if (use == Use.STREAM) {
            if (!places.take()) {
                return new Reached.NoPlace();
            }
            ended = places::giveBack;
        }
        try {
            return new Reached.At(ReadTransaction.begin(database, ended));
        } catch (SQLException e) {
            throw new ProjectionFault("beginning to read what runs", e);
        }
    }

    /**
     * Waits for a snapshot that knows of this cursor. The snapshot itself is judged, and the answer is made from it: the database may be set
     * back to an earlier state, or to another history, at any moment. Nothing is held while it is waited.
     *
     * @throws ProjectionFault if the database does not say
     */
    public Reached reach(Cursor notBefore, Use use, Duration atMost) throws InterruptedException {
        return reach(List.of(notBefore), use, atMost);
    }

    /**
     * Waits likewise for a snapshot that knows of all of these cursors: a later page of a walk is no older than the moment that it carries.
     *
     * @param notBefore one at least
     */
    public Reached reach(List<Cursor> notBefore, Use use, Duration atMost) throws InterruptedException {
        long furthest = notBefore.stream().mapToLong(Cursor::position).max().orElseThrow();
        long deadline = System.nanoTime() + atMost.toNanos();
        do {
            Reached now = now(use);
            if (!(now instanceof Reached.At(var transaction))) {
                return now;
            }
            Optional<Reached> judged = judged(transaction, notBefore);
            if (judged.isPresent()) {
                return judged.get();
            }
            positions.setBack(
                    RunningFold.PROJECTION,
                    furthest,
                    transaction.asOf().cursor().position());
        } while (heard(furthest, deadline - System.nanoTime()));
        return new Reached.TooEarly();
    }

    /** Closes the transaction, unless it is handed on. */
    private static Optional<Reached> judged(ReadTransaction transaction, List<Cursor> notBefore) {
        boolean reached = false;
        try {
            boolean knowsAll = true;
            for (Cursor cursor : notBefore) {
                Optional<CursorRefusal> why = Standpoint.refusal(transaction.connection(), cursor);
                if (why.isPresent()) {
                    return why.map(Reached.Refused::new);
                }
                knowsAll &= transaction.asOf().cursor().position() >= cursor.position();
            }
            reached = knowsAll;
            return reached ? Optional.of(new Reached.At(transaction)) : Optional.empty();
        } catch (SQLException e) {
            throw new ProjectionFault("judging a cursor", e);
        } finally {
            if (!reached) {
                transaction.close();
            }
        }
    }

    private boolean heard(long position, long nanos) throws InterruptedException {
        return positions.awaitReached(RunningFold.PROJECTION, position, Duration.ofNanos(Math.max(0, nanos)));
    }

    /**
     * A page, ordered by kind and guid. It may be shorter than the limit before the end, where the events are large.
     *
     * @param after null for the first page
     * @param limit 1 to {@value #PAGE_LIMIT}
     */
    public RunningPage page(ReadTransaction transaction, RunningFilter filter, @Nullable PageToken after, int limit) {
        if (limit < 1 || limit > PAGE_LIMIT) {
            throw new IllegalArgumentException("limit is 1 to " + PAGE_LIMIT + ", not " + limit);
        }
        // One more than asked for tells whether there is a next page.
        RunningRows.Wanted wanted = new RunningRows.Wanted(filter, after, limit + 1);
        try (RunningRows rows = RunningRows.open(transaction, wanted)) {
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

    /**
     * Everything at one moment. The caller closes it.
     *
     * @param transaction begun for a stream; closed with the snapshot, or here if there is none
     */
    public RunningSnapshot open(ReadTransaction transaction, RunningFilter filter) {
        try {
            RunningRows rows = RunningRows.open(transaction, new RunningRows.Wanted(filter, null, null));
            return new RunningSnapshot(transaction, rows, places.limits());
        } catch (SQLException e) {
            ProjectionFault fault = new ProjectionFault("opening a snapshot of what runs", e);
            closeAfter(fault, transaction);
            throw fault;
        } catch (RuntimeException | Error e) {
            closeAfter(e, transaction);
            throw e;
        }
    }

    private static void closeAfter(Throwable fault, ReadTransaction transaction) {
        try {
            transaction.close();
        } catch (RuntimeException e) {
            fault.addSuppressed(e);
        }
    }

    /** What runs, counted. */
    public Summary summary(ReadTransaction transaction, GroupBy by) {
        String sql = switch (by) {
            case KIND -> BY_KIND;
            case ORGANIZATION -> BY_ORGANIZATION;
            case SPACE -> BY_SPACE;
        };
        try (PreparedStatement statement = transaction.connection().prepareStatement(sql)) {
            statement.setInt(1, transaction.slot());
            List<Summary.Group> groups = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    groups.add(new Summary.Group(
                            row.getString("key"),
                            row.getLong("resources"),
                            row.getLong("instances"),
                            row.getBigDecimal("memory_mb").toBigInteger()));
                }
            }
            return new Summary(transaction.asOf(), groups);
        } catch (SQLException e) {
            throw new ProjectionFault("counting what runs", e);
        }
    }
}

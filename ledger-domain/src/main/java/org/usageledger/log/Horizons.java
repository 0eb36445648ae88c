package org.usageledger.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;

/** Reads how far answers are complete, and judges cursors against it. */
final class Horizons {
    private static final String HORIZON = """
            select
              epoch,
              head,
              retention_step,
              pruned_up_to,
              clock_timestamp() as now,
              current_setting('synchronous_standby_names') <> '' as has_standbys
            from ledger_head
            """;

    private static final String HEAD = """
            select head
            from ledger_head
            """;

    private static final String LOWEST_FORK = """
            select
              min(fork) as fork,
              min(step) as step
            from ledger_epoch
            where epoch > ?
            """;

    private static final String PRUNED_SINCE = """
            select coalesce(max(deleted_up_to), 0)
            from retention_step
            where step > ?
            and deleted_up_to > ?
            """;

    private final HeadWatch watch;

    Horizons(HeadWatch watch) {
        this.watch = watch;
    }

    Horizon read(Connection connection) throws SQLException {
        return read(connection, watch.head());
    }

    /** As the connection sees it, confirmed by standbys or not. */
    static Horizon visible(Connection connection) throws SQLException {
        return read(connection, Long.MAX_VALUE);
    }

    private static Horizon read(Connection connection, long seenConfirmed) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HORIZON);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new IllegalStateException(
                        "the ledger has no head row: the database was not created by its migrations");
            }
            long head = row.getLong("head");
            // Without standbys what is visible is durable; with them only what the watch has seen confirmed is.
            long confirmed = row.getBoolean("has_standbys") ? Math.min(head, seenConfirmed) : head;
            return new Horizon(
                    row.getInt("epoch"),
                    confirmed,
                    row.getObject("now", OffsetDateTime.class).toInstant(),
                    row.getLong("retention_step"),
                    row.getLong("pruned_up_to"));
        }
    }

    /**
     * The cursor of whoever wants only what comes from now on.
     *
     * @throws SQLException if it is not known yet what the standbys have: taken for nothing, it would lead over the whole log
     */
    static Cursor newest(Connection connection, Horizon horizon) throws SQLException {
        if (horizon.position() == 0 && head(connection) > 0) {
            throw new SQLException("the standbys have not confirmed yet how far the log goes", "08006");
        }
        return horizon.cursor();
    }

    /** Why this cursor cannot be served at this horizon, if it cannot. */
    static Optional<CursorRefusal> refusal(Connection connection, Cursor cursor, Horizon horizon) throws SQLException {
        boolean unknownHistory = cursor.epoch() > horizon.epoch();
        boolean sameHistory = cursor.epoch() == horizon.epoch();
        if (unknownHistory || (sameHistory && ahead(connection, cursor, horizon))) {
            return Optional.of(new CursorRefusal.BeyondHead(cursor, horizon.cursor()));
        }
        long toldOf = cursor.step();
        if (!sameHistory) {
            Fork fork = lowestForkAfter(connection, cursor.epoch());
            if (cursor.position() > fork.position()) {
                return Optional.of(new CursorRefusal.Forked(cursor, rewind(connection, cursor, fork, horizon)));
            }
            toldOf = Math.min(toldOf, fork.step());
        }
        return pruned(connection, cursor, toldOf, horizon);
    }

    /**
     * Where the holder of a forked cursor goes on: the fork, told of everything that was pruned since, unless that took events from it. Then it
     * is told so by the next answer.
     */
    private static Cursor rewind(Connection connection, Cursor cursor, Fork fork, Horizon horizon) throws SQLException {
        long toldOf = Math.min(cursor.step(), fork.step());
        Cursor atFork = new Cursor(cursor.epoch(), fork.position(), toldOf);
        return pruned(connection, atFork, toldOf, horizon).isPresent()
                ? atFork
                : new Cursor(horizon.epoch(), fork.position(), horizon.step());
    }

    /** A position that is given but not seen confirmed here, as another node may hand out, is waited for and no error. */
    private static boolean ahead(Connection connection, Cursor cursor, Horizon horizon) throws SQLException {
        return cursor.step() > horizon.step()
                || (cursor.position() > horizon.position() && cursor.position() > head(connection));
    }

    private static long head(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HEAD);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong("head");
        }
    }

    /** After which position nothing is left of this older history. */
    static long forkAfter(Connection connection, int epoch) throws SQLException {
        return lowestForkAfter(connection, epoch).position();
    }

    private static Fork lowestForkAfter(Connection connection, int epoch) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOWEST_FORK)) {
            statement.setInt(1, epoch);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Fork(row.getLong("fork"), row.getLong("step"));
            }
        }
    }

    private static Optional<CursorRefusal> pruned(Connection connection, Cursor cursor, long toldOf, Horizon horizon)
            throws SQLException {
        if (toldOf >= horizon.step()) {
            return Optional.empty();
        }
        try (PreparedStatement statement = connection.prepareStatement(PRUNED_SINCE)) {
            statement.setLong(1, toldOf);
            statement.setLong(2, cursor.position());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long upTo = row.getLong(1);
                if (upTo == 0) {
                    return Optional.empty();
                }
                Cursor goOn = new Cursor(horizon.epoch(), cursor.position(), horizon.step());
                return Optional.of(new CursorRefusal.Pruned(cursor, upTo, goOn));
            }
        }
    }

    private record Fork(long position, long step) {}
}

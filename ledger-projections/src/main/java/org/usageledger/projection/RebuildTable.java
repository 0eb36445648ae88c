package org.usageledger.projection;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/** Copies that are being made beside the live ones, each with a hold on the log of its own. */
final class RebuildTable {
    private static final String BEGIN = """
            insert into projection_rebuild as r (name, execution_id, slot, emptied, position)
            select name, ?, 1 - live_slot, false, 0
            from projection
            where name = ?
            on conflict (name) do update
            set execution_id = excluded.execution_id,
              slot = excluded.slot,
              emptied = false,
              position = 0
            where r.execution_id <> excluded.execution_id
            """;

    private static final String READ = """
            select r.slot, r.emptied, r.position, p.position as live_position
            from projection_rebuild r
            join projection p on p.name = r.name
            where r.name = ?
              and r.execution_id = ?
            """;

    private static final String EMPTIED = """
            update projection_rebuild
            set emptied = true
            where name = ?
            """;

    private static final String MOVE = """
            update projection_rebuild
            set position = ?
            where name = ?
              and position = ?
            """;

    private static final String HOLD = """
            insert into hold (name, holder, position)
            values ('rebuild:' || ?, 'rebuild', ?)
            on conflict (name) do update
            set position = excluded.position,
              updated_at = clock_timestamp()
            """;

    private static final String END = """
            delete from projection_rebuild
            where name = ?
              and execution_id = ?
            """;

    private static final String RELEASE = """
            delete from hold
            where name = 'rebuild:' || ?
            """;

    private RebuildTable() {}

    /**
     * A copy in the making.
     *
     * @param emptied whether what an earlier rebuild left in the slot is gone
     * @param livePosition where the live copy stands
     */
    record Making(int slot, boolean emptied, long position, long livePosition) {}

    /** Begins a copy for this execution, or finds the one it has begun. */
    static void begin(Connection transaction, String projection, UUID execution) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(BEGIN)) {
            statement.setObject(1, execution);
            statement.setString(2, projection);
            if (statement.executeUpdate() == 1) {
                hold(transaction, projection, 0);
            }
        }
    }

    static Optional<Making> read(Connection connection, String projection, UUID execution) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setString(1, projection);
            statement.setObject(2, execution);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                return Optional.of(new Making(
                        row.getInt("slot"),
                        row.getBoolean("emptied"),
                        row.getLong("position"),
                        row.getLong("live_position")));
            }
        }
    }

    static void emptied(Connection transaction, String projection) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(EMPTIED)) {
            statement.setString(1, projection);
            statement.executeUpdate();
        }
    }

    static void move(Connection transaction, String projection, Window window) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(MOVE)) {
            statement.setLong(1, window.upTo());
            statement.setString(2, projection);
            statement.setLong(3, window.after());
            if (statement.executeUpdate() != 1) {
                throw new IllegalStateException(
                        "the rebuild of " + projection + " does not stand at " + window.after());
            }
        }
        hold(transaction, projection, window.upTo());
    }

    /** Ends the making, whatever has become of it, and lets go of the log. */
    static void end(Connection transaction, String projection, UUID execution) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(END)) {
            statement.setString(1, projection);
            statement.setObject(2, execution);
            if (statement.executeUpdate() == 0) {
                return;
            }
        }
        try (PreparedStatement statement = transaction.prepareStatement(RELEASE)) {
            statement.setString(1, projection);
            statement.executeUpdate();
        }
    }

    private static void hold(Connection transaction, String projection, long position) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(HOLD)) {
            statement.setString(1, projection);
            statement.setLong(2, position);
            statement.executeUpdate();
        }
    }
}

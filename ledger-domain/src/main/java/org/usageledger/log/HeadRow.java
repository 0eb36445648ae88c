package org.usageledger.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * The counter row, as its lock was taken.
 *
 * @param now the database's clock after the lock was granted: the recording time of what this transaction appends
 * @param usableUpTo up to this position every session looks for rows; beyond it there may be a partition that some do not know of yet
 * @param serverSystem the running server's system identifier and {@code serverTimeline} its timeline; where they differ from the
 *     stored ones, the database was restored or promoted
 */
record HeadRow(
        int epoch,
        long head,
        ChainValue chain,
        long step,
        Instant forgottenBefore,
        long usableUpTo,
        Instant now,
        long system,
        int timeline,
        long serverSystem,
        int serverTimeline) {

    /** A statement of its own: what follows it reads a snapshot taken after every earlier appender has committed. */
    private static final String LOCK = """
            select
              epoch,
              head,
              chain,
              retention_step,
              forgotten_before,
              usable_up_to,
              clock_timestamp() as now,
              system_identifier,
              timeline,
              (select system_identifier from pg_control_system()) as server_system,
              ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::integer as server_timeline
            from ledger_head
            for update
            """;

    private static final String PREPARE = """
            select ledger_prepare_partitions(?)
            """;

    /** The first attaches, the second finds it usable; others may do the same meanwhile. */
    private static final int ROOM_TRIES = 5;

    private static final String MOVE = """
            update ledger_head
            set
              head = ?,
              chain = ?
            """;

    private static final String RAISE_EPOCH = """
            update ledger_head
            set
              epoch = ?,
              system_identifier = ?,
              timeline = ?
            """;

    private static final String NOTE_EPOCH = """
            insert into ledger_epoch (epoch, fork, step, reason, system_identifier, timeline)
            values (?, ?, ?, ?, ?, ?)
            """;

    /** Waits for the lock at most as long as the session's lock timeout. */
    static HeadRow lock(Connection transaction) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(LOCK);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new IllegalStateException(
                        "the ledger has no head row: the database was not created by its migrations");
            }
            return new HeadRow(
                    row.getInt("epoch"),
                    row.getLong("head"),
                    ChainValue.of(row.getBytes("chain")),
                    row.getLong("retention_step"),
                    instant(row, "forgotten_before"),
                    row.getLong("usable_up_to"),
                    instant(row, "now"),
                    row.getLong("system_identifier"),
                    row.getInt("timeline"),
                    row.getLong("server_system"),
                    row.getInt("server_timeline"));
        }
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time.equals(OffsetDateTime.MIN) ? Instant.MIN : time.toInstant();
    }

    /** The same row in the epoch it belongs to: a new one if the database is not the one that wrote it. */
    HeadRow inItsEpoch(Connection transaction) throws SQLException {
        if (system == serverSystem && timeline == serverTimeline) {
            return this;
        }
        // A timeline number is higher after every promotion, so two restores of one backup do not both become "the next
        // epoch".
        int raised = Math.max(epoch + 1, serverTimeline);
        try (PreparedStatement update = transaction.prepareStatement(RAISE_EPOCH);
                PreparedStatement note = transaction.prepareStatement(NOTE_EPOCH)) {
            update.setInt(1, raised);
            update.setLong(2, serverSystem);
            update.setInt(3, serverTimeline);
            update.executeUpdate();
            note.setInt(1, raised);
            note.setLong(2, head);
            note.setLong(3, step);
            note.setString(
                    4, system == serverSystem ? "promoted or restored: new timeline" : "restored: new database system");
            note.setLong(5, serverSystem);
            note.setInt(6, serverTimeline);
            note.executeUpdate();
        }
        return new HeadRow(
                raised,
                head,
                chain,
                step,
                forgottenBefore,
                usableUpTo,
                now,
                serverSystem,
                serverTimeline,
                serverSystem,
                serverTimeline);
    }

    /** Whether rows up to this position may be written. */
    boolean hasRoomUpTo(long position) {
        return position <= usableUpTo;
    }

    /**
     * Makes room up to a position, in transactions of its own: rows go only into what an earlier transaction attached, because a reader may
     * see a commit an instant before it learns of the partitions that came with it.
     */
    static void makeRoom(Connection connection, long position) throws SQLException {
        for (int i = 0; i < ROOM_TRIES; i++) {
            long usable;
            try (PreparedStatement statement = connection.prepareStatement(PREPARE)) {
                statement.setLong(1, position);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    usable = row.getLong(1);
                }
            }
            connection.commit();
            if (usable >= position) {
                return;
            }
        }
        throw new SQLException("no room was made up to position " + position + " of the log");
    }

    static void move(Connection transaction, long head, ChainValue chain) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(MOVE)) {
            statement.setLong(1, head);
            statement.setBytes(2, chain.bytes());
            if (statement.executeUpdate() != 1) {
                throw new IllegalStateException("the ledger's head row is gone");
            }
        }
    }
}

package org.usageledger.projection;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Where projections stand and who projects them. A projection's hold on the log moves with its position. Claims are judged by the
 * database's clock alone.
 */
public final class ProjectionTable {
    private static final String STANDINGS = """
            select name, shape, position, live_slot, owner
            from projection
            order by name
            """;

    private static final String LOCK = """
            select name, shape, position, live_slot, owner
            from projection
            where name = ?
            for no key update
            """;

    private static final String CLAIMABLE = """
            select 1
            from projection
            where name = ?
              and shape = ?
              and (owner is null or owner = ? or claimed_at < clock_timestamp() - ? * interval '1 millisecond')
              and not exists (select 1 from ledger_node n where n.node_id = ? and n.state = 'expunged')
            """;

    private static final String CLAIM = """
            update projection
            set owner = ?,
              claimed_at = clock_timestamp(),
              claim_epoch = claim_epoch + 1
            where name = ?
              and shape = ?
              and (owner is null or owner = ? or claimed_at < clock_timestamp() - ? * interval '1 millisecond')
              and not exists (select 1 from ledger_node n where n.node_id = ? and n.state = 'expunged')
            returning claim_epoch, position
            """;

    private static final String EXTEND = """
            update projection
            set claimed_at = clock_timestamp()
            where name = ?
              and owner = ?
              and claim_epoch = ?
              and not exists (select 1 from ledger_node n where n.node_id = owner and n.state = 'expunged')
            returning position
            """;

    private static final String RELEASE = """
            update projection
            set owner = null,
              claimed_at = null
            where name = ?
              and owner = ?
              and claim_epoch = ?
            """;

    private static final String MOVE = """
            with moved as (
              update projection
              set position = ?,
                claimed_at = clock_timestamp()
              where name = ?
                and owner = ?
                and claim_epoch = ?
                and position = ?
                and (select head from ledger_head) >= ?
                and not exists (select 1 from ledger_node n where n.node_id = owner and n.state = 'expunged')
              returning name, position, live_slot
            ), held as (
              insert into hold as h (name, holder, position)
              select 'projection:' || name, 'projection', position
              from moved
              on conflict (name) do update
              set position = excluded.position,
                updated_at = clock_timestamp()
            )
            select live_slot
            from moved
            """;

    private static final String SWAP = """
            update projection
            set live_slot = ?
            where name = ?
            """;

    private ProjectionTable() {}

    /** A claim just made, and where the projection stands. */
    public record Claimed(Claim claim, long position) {}

    public static List<Standing> standings(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(STANDINGS);
                ResultSet row = statement.executeQuery()) {
            List<Standing> standings = new ArrayList<>();
            while (row.next()) {
                standings.add(standing(row));
            }
            return standings;
        }
    }

    /** Locks a projection's row to the end of the transaction: whoever projects it waits. */
    public static Standing lock(Connection transaction, String projection) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(LOCK)) {
            statement.setString(1, projection);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException(
                            "there is no projection " + projection + ": the migrations create it");
                }
                return standing(row);
            }
        }
    }

    private static Standing standing(ResultSet row) throws SQLException {
        return new Standing(
                row.getString("name"),
                row.getInt("shape"),
                row.getLong("position"),
                row.getInt("live_slot"),
                Optional.ofNullable(row.getString("owner")));
    }

    /** Whether a claim by this node may succeed now. */
    public static boolean claimable(Connection connection, Follower model, String owner, Duration timeout)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CLAIMABLE)) {
            statement.setString(1, model.name());
            statement.setInt(2, model.shape());
            statement.setString(3, owner);
            statement.setLong(4, timeout.toMillis());
            statement.setString(5, owner);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /**
     * Claims a projection that nobody has, or whose owner has not been heard of for the timeout. A node that comes back under its name
     * takes its own claim over at once; what it was before is fenced by the epoch. One that was expunged gets none, and keeps none.
     */
    public static Optional<Claimed> claim(Connection transaction, Follower model, String owner, Duration timeout)
            throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(CLAIM)) {
            statement.setString(1, owner);
            statement.setString(2, model.name());
            statement.setInt(3, model.shape());
            statement.setString(4, owner);
            statement.setLong(5, timeout.toMillis());
            statement.setString(6, owner);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                return Optional.of(new Claimed(
                        new Claim(model.name(), owner, row.getLong("claim_epoch")), row.getLong("position")));
            }
        }
    }

    /** Keeps a claim for another timeout; the position, or empty if the claim is lost. */
    public static OptionalLong extend(Connection transaction, Claim claim) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(EXTEND)) {
            bind(statement, 1, claim);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong("position")) : OptionalLong.empty();
            }
        }
    }

    /** Gives a claim back, if it is still held. */
    public static void release(Connection transaction, Claim claim) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(RELEASE)) {
            bind(statement, 1, claim);
            statement.executeUpdate();
        }
    }

    /**
     * Moves the position over a window and locks the row to the end of the transaction; first in the transaction that folds the window. Never beyond
     * the head: what this node has heard of may be of a history that the database was set back from.
     *
     * @return the live slot; empty if the claim is lost, the projection stands elsewhere, or the window ends beyond the head, and then nothing may be changed
     */
    public static OptionalInt move(Connection transaction, Claim claim, Window window) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(MOVE)) {
            statement.setLong(1, window.upTo());
            bind(statement, 2, claim);
            statement.setLong(5, window.after());
            statement.setLong(6, window.upTo());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? OptionalInt.of(row.getInt("live_slot")) : OptionalInt.empty();
            }
        }
    }

    /** Shows readers another slot. */
    static void swap(Connection transaction, String projection, int slot) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(SWAP)) {
            statement.setInt(1, slot);
            statement.setString(2, projection);
            statement.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, int first, Claim claim) throws SQLException {
        statement.setString(first, claim.projection());
        statement.setString(first + 1, claim.owner());
        statement.setLong(first + 2, claim.epoch());
    }
}

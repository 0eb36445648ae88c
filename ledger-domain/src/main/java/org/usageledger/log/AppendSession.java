package org.usageledger.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One database session that appends: one transaction after the other, each in the order lock, fences, snapshot, judgement, rows, head.
 * After any fault it is closed and not used again.
 */
class AppendSession implements AutoCloseable {
    /** Between room made and rows written others may fill it; each try makes room for a whole partition. */
    private static final int ROOM_TRIES = 5;

    // With tcp_user_timeout the server notices a node that vanished from the network, not only whoever waits for it.
    private static final String SETTINGS = """
            select
              set_config('application_name', 'usage-ledger appender', false),
              set_config('synchronous_commit', 'on', false),
              set_config('statement_timeout', '0', false),
              set_config('lock_timeout', ?, false),
              set_config('idle_in_transaction_session_timeout', ?, false),
              set_config('tcp_user_timeout', ?, false),
              set_config('default_transaction_isolation', 'read committed', false),
              set_config('plan_cache_mode', 'force_custom_plan', false),
              set_config('enable_seqscan', 'off', false),
              set_config('jit', 'off', false)
            """;

    /** Exists from PostgreSQL 17 on. */
    private static final String TRANSACTION_TIMEOUT = """
            select set_config(name, ?, false)
            from pg_settings
            where name = 'transaction_timeout'
            """;

    /** Makes an otherwise empty transaction wait for what a recorded one waits for. */
    private static final String BARRIER = """
            select pg_logical_emit_message(true, 'usage-ledger', 'barrier')
            """;

    /** What a mere notice carries; everything else that comes with a commit casts doubt on it. */
    private static final String NOTICE = "00000";

    private final Connection connection;
    private final Judge judge;
    private final String node;

    AppendSession(Connection connection, Judge judge) {
        this(connection, judge, "");
    }

    private AppendSession(Connection connection, Judge judge, String node) {
        this.connection = connection;
        this.judge = judge;
        this.node = node;
    }

    /** @param node that appends; empty if it is none that could be expunged */
    static AppendSession open(DataSource database, AppenderLimits limits, String node) throws SQLException {
        return new AppendSession(connect(database, limits), Judge::inQueueOrder, node);
    }

    static Connection connect(DataSource database, AppenderLimits limits) throws SQLException {
        Connection connection = database.getConnection();
        try (PreparedStatement settings = connection.prepareStatement(SETTINGS);
                PreparedStatement timeout = connection.prepareStatement(TRANSACTION_TIMEOUT)) {
            // A server that is stopped in its tracks, or behind a network that swallows everything, never answers.
            connection.setNetworkTimeout(
                    Runnable::run, Math.toIntExact(limits.requestDeadline().toMillis()));
            String lockMillis = Long.toString(limits.lockTimeout().toMillis());
            settings.setString(1, lockMillis);
            settings.setString(2, lockMillis);
            settings.setString(3, Long.toString(limits.requestDeadline().toMillis()));
            settings.executeQuery().close();
            timeout.setString(1, Long.toString(10 * limits.lockTimeout().toMillis()));
            timeout.executeQuery().close();
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException | RuntimeException e) {
            try {
                connection.close();
            } catch (SQLException onClose) {
                e.addSuppressed(onClose);
            }
            throw e;
        }
    }

    Connection connection() {
        return connection;
    }

    /**
     * Does everything but commit.
     *
     * @throws ExpungedNode if the node that appends must not any more
     */
    Written write(List<AppendRequest> requests) throws SQLException {
        for (int i = 0; i < ROOM_TRIES; i++) {
            Written written = writeWhereThereIsRoom(requests);
            if (written != null) {
                return written;
            }
        }
        throw new SQLException("others took the room in the log " + ROOM_TRIES + " times");
    }

    /** Null if nothing was written but room made for it. */
    private @Nullable Written writeWhereThereIsRoom(List<AppendRequest> requests) throws SQLException {
        HeadRow head = lockHead();
        List<Fence.Standing> standings = new ArrayList<>(requests.size());
        List<AppendRequest> heard = new ArrayList<>(requests.size());
        for (AppendRequest request : requests) {
            Fence.Standing standing = request.fence().isEmpty()
                    ? Fence.Standing.HELD
                    : request.fence().get().enter(connection);
            standings.add(standing);
            if (standing == Fence.Standing.HELD) {
                heard.add(request);
            }
        }
        Judgement judgement = judge.judge(snapshot(head, heard), heard);
        long newHead = head.head() + judgement.rows().size();
        if (!head.hasRoomUpTo(newHead)) {
            connection.rollback();
            HeadRow.makeRoom(connection, newHead);
            return null;
        }
        writeRows(head, judgement);
        recordSteps(heard, judgement);
        return new Written(head.epoch(), newHead, head.step(), standings, judgement);
    }

    /** The counter first, as a statement of its own. */
    HeadRow lockHead() throws SQLException {
        return HeadRow.lock(connection).inItsEpoch(connection);
    }

    /** Read after the lock: a snapshot taken earlier would miss a duplicate that commits in between. */
    Snapshot snapshot(HeadRow head, List<AppendRequest> requests) throws SQLException {
        return new SnapshotQuery(connection, node).read(head, requests);
    }

    EventRows eventRows() {
        return new EventRows(connection);
    }

    private void writeRows(HeadRow head, Judgement judgement) throws SQLException {
        AsideRows asides = new AsideRows(connection);
        asides.keep(judgement.asides(), head.now());
        asides.release(judgement.releases());
        if (judgement.isEmpty()) {
            barrier();
        }
        if (!judgement.rows().isEmpty()) {
            long newHead = head.head() + judgement.rows().size();
            ChainValue chain = eventRows().write(judgement.rows(), head.now(), head.chain());
            HeadRow.move(connection, newHead, chain);
        }
    }

    private void barrier() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery(BARRIER).close();
        }
    }

    private void recordSteps(List<AppendRequest> heard, Judgement judgement) throws SQLException {
        for (int i = 0; i < heard.size(); i++) {
            boolean accepted = judgement.verdicts().get(i) instanceof Judgement.Verdict.Accept;
            if (accepted && heard.get(i).fence().isPresent()) {
                heard.get(i).fence().get().recordStep(connection);
            }
        }
    }

    /** Whether the commit is confirmed: not if the database reported it done without the standbys it should wait for. */
    boolean commit() throws SQLException {
        connection.clearWarnings();
        connection.commit();
        for (SQLWarning warning = connection.getWarnings(); warning != null; warning = warning.getNextWarning()) {
            if (!NOTICE.equals(warning.getSQLState())) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether all that this judgement says is on record, asked under the counter's lock: whoever held it has ended by then, one way or
     * the other. Carries a barrier, so that a yes is as durable as a commit.
     */
    boolean recorded(Judgement judgement) throws SQLException {
        lockHead();
        boolean found = new RecordCheck(connection).holds(judgement);
        barrier();
        if (!commit()) {
            throw new SQLException("the standbys did not confirm in time", "08006");
        }
        return found;
    }

    /** Sends nothing more; the server rolls back what is open. */
    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /**
     * A transaction that only has to be committed.
     *
     * @param standings one per request, in queue order; the judgement covers those that were held
     */
    record Written(int epoch, long head, long step, List<Fence.Standing> standings, Judgement judgement) {
        Cursor cursor() {
            return new Cursor(epoch, head, step);
        }
    }
}

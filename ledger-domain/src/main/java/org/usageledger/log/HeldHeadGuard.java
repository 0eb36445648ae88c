package org.usageledger.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees the counter from a holder whose process was frozen. No timeout of the database ends a client that stopped in the middle of
 * a message, so whoever waits in vain asks who holds the row and ends that session, if its transaction is older than the limit and
 * the server does nothing but wait for the client. A holder that waits for a disk or a standby is left alone.
 */
final class HeldHeadGuard {
    private static final Logger LOG = LoggerFactory.getLogger(HeldHeadGuard.class);

    /** The row's xmax is the transaction that has it locked: appenders lock it by "for update" only, never shared. */
    private static final String TERMINATE = """
            select
              a.pid,
              a.application_name,
              pg_terminate_backend(a.pid) as terminated
            from ledger_head h
            join pg_stat_activity a on a.backend_xid = h.xmax
            where a.pid <> pg_backend_pid()
            and a.xact_start < clock_timestamp() - make_interval(secs => ?)
            and a.wait_event in ('ClientRead', 'ClientWrite')
            """;

    /** The statement touches one row and what is in memory; a server that does not answer it by then must not hold up whoever appends. */
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final DataSource database;
    private final Duration limit;

    HeldHeadGuard(DataSource database, Duration limit) {
        this.database = database;
        this.limit = limit;
    }

    /** Ends the sessions that hold the counter so; gives how many. */
    int release() throws SQLException {
        int ended = 0;
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(TERMINATE)) {
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(ANSWER.toMillis()));
            statement.setDouble(1, limit.toMillis() / 1_000.0);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ended++;
                    LOG.warn(
                            "ended database session {} of {}: it held the counter of the log for more than {} ms and its client is silent",
                            row.getInt("pid"),
                            row.getString("application_name"),
                            limit.toMillis());
                }
            }
        }
        return ended;
    }
}

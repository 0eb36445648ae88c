package org.usageledger.projection;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/**
 * What a projecting transaction may take of the database, set for that transaction alone.
 *
 * @param idle after which the database ends a transaction whose client does nothing: a frozen node does not keep a projection for ever
 * @param lock how long to wait for a row that somebody else has locked
 * @param statement how long one statement may take
 */
public record TransactionLimits(Duration idle, Duration lock, Duration statement) {
    private static final String SET = """
            select
              set_config('idle_in_transaction_session_timeout', ?, true),
              set_config('lock_timeout', ?, true),
              set_config('statement_timeout', ?, true)
            """;

    /** Sets them for the transaction that is open on this connection. */
    public void set(Connection transaction) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(SET)) {
            statement.setString(1, Long.toString(idle.toMillis()));
            statement.setString(2, Long.toString(lock.toMillis()));
            statement.setString(3, Long.toString(this.statement.toMillis()));
            statement.executeQuery().close();
        }
    }
}

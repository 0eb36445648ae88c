package org.usageledger.api.events;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.usageledger.api.LiveService;

/** What a restore to an earlier state leaves behind. */
final class LostHistory {
    private static final String FORK = """
            with forked as (
              update ledger_head
              set
                head = ?,
                epoch = epoch + 1
              returning epoch, head, retention_step, system_identifier, timeline
            ), lost as (
              delete from usage_event
              where position > ?
            )
            insert into ledger_epoch (epoch, fork, step, reason, system_identifier, timeline)
            select
              epoch,
              head,
              retention_step,
              'test',
              system_identifier,
              timeline
            from forked
            """;

    private LostHistory() {}

    /** Loses all that came after a position; a new epoch begins there. */
    static void after(LiveService ledger, long position) throws SQLException {
        try (Connection connection = ledger.database().open();
                PreparedStatement statement = connection.prepareStatement(FORK)) {
            statement.setLong(1, position);
            statement.setLong(2, position);
            statement.executeUpdate();
        }
    }
}

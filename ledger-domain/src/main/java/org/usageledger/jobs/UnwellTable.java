package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Executions that somebody has to look at. What it costs does not grow with those that went well. */
final class UnwellTable {
    private static final String LIST = """
            with unwell as (
              select
                u.execution_id,
                u.kind,
                u.reason,
                u.since
              from unwell_execution u
              union all
              select
                e.execution_id,
                e.kind,
                'not_progressing',
                greatest(e.last_progress_at, e.next_attempt_at, c.claimed_at)
              from job_execution e
              left join job_claim c on c.execution_id = e.execution_id and c.claim_epoch = e.claim_epoch
              where e.state in ('pending', 'running', 'unwinding')
                and greatest(e.last_progress_at, e.next_attempt_at, c.claimed_at)
                  < clock_timestamp() - ? * interval '1 millisecond'
            )
            select
              execution_id,
              kind,
              reason,
              since
            from unwell
            order by
              since,
              execution_id
            limit ?
            """;

    private UnwellTable() {}

    /** The oldest trouble first. */
    static List<Unwell> list(Connection connection, Duration still, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LIST)) {
            statement.setLong(1, still.toMillis());
            statement.setInt(2, limit);
            List<Unwell> unwell = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    unwell.add(new Unwell(
                            row.getObject("execution_id", UUID.class),
                            row.getString("kind"),
                            Unwell.Reason.ofLabel(row.getString("reason")),
                            row.getObject("since", OffsetDateTime.class).toInstant()));
                }
            }
            return unwell;
        }
    }
}

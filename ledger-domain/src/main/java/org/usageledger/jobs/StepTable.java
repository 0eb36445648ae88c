package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/** What was done of an execution, beside the effect and in its transaction. */
final class StepTable {
    /** Steps are done again from where they began by some jobs: only what is behind all before it counts as getting further. */
    private static final String STEP = """
            with furthest as (
              select
                step,
                coalesce((data ->> 'position')::bigint, 0) as position
              from job_step_event
              where execution_id = ?
              order by
                step desc,
                chunk desc
              limit 1
            ), noted as (
              insert into job_step_event (execution_id, step, chunk, event, claim_epoch, node_id, data)
              select ?, ?, coalesce(max(chunk), 0) + 1, 'succeeded', ?, ?,
                jsonb_build_object('position', ?::bigint, 'goal', ?::bigint, 'note', ?::text)
              from job_step_event
              where execution_id = ?
                and step = ?
              returning
                execution_id,
                step,
                (data ->> 'position')::bigint as position
            )
            update job_execution e
            set last_progress_at = clock_timestamp(),
              failures_in_a_row = case
                when exists (select 1 from furthest f where (f.step, f.position) >= (n.step, n.position))
                then e.failures_in_a_row
                else 0 end,
              chunks = e.chunks + 1,
              lease_until = clock_timestamp() + ? * interval '1 millisecond'
            from noted n
            where e.execution_id = n.execution_id
              and e.claim_epoch = ?
            """;

    private StepTable() {}

    /** Records a chunk and renews the lease, in the chunk's own transaction. */
    static void progressed(Connection transaction, Claim claim, int step, Progress progress, Duration lease)
            throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(STEP)) {
            statement.setObject(1, claim.execution());
            statement.setObject(2, claim.execution());
            statement.setInt(3, step);
            statement.setLong(4, claim.epoch());
            statement.setString(5, claim.node().id());
            statement.setLong(6, progress.position());
            statement.setLong(7, progress.goal());
            statement.setString(8, progress.note());
            statement.setObject(9, claim.execution());
            statement.setInt(10, step);
            statement.setLong(11, lease.toMillis());
            statement.setLong(12, claim.epoch());
            statement.executeUpdate();
        }
    }
}

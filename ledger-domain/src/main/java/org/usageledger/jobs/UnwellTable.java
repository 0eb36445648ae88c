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
            with recursive reporting as (
              (select f.execution_id
                from job_finding f
                order by f.execution_id
                limit 1)
              union all
              select (
                select f.execution_id
                from job_finding f
                where f.execution_id > r.execution_id
                order by f.execution_id
                limit 1)
              from reporting r
              where r.execution_id is not null
            ), unwell as (
              select
                e.execution_id,
                e.kind,
                e.state as reason,
                e.finished_at as since
              from job_execution e
              where e.state in ('failed', 'stuck', 'abandoned')
                and (e.state <> 'abandoned' or e.abandon_reason <> 'operator')
                and not exists (
                  select 1
                  from job_execution later
                  where later.scope_key = e.scope_key
                    and later.created_at > e.created_at
                    and later.state = 'done')
                and not exists (
                  select 1
                  from job_execution later
                  where later.kind = e.kind
                    and later.params_sha256 = e.params_sha256
                    and later.created_at > e.created_at
                    and later.state = 'done')
              union all
              select
                e.execution_id,
                e.kind,
                'findings',
                e.finished_at
              from reporting r
              join job_execution e on e.execution_id = r.execution_id
              where e.state = 'done'
                and not exists (
                  select 1
                  from job_execution later
                  where later.scope_key = e.scope_key
                    and later.kind = e.kind
                    and later.created_at > e.created_at
                    and later.state = 'done'
                    and not exists (select 1 from job_finding f where f.execution_id = later.execution_id))
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

-- A node that hands over is drained while nothing is taken in its name. The lock keeps the two apart; it is none on the node's row, for which
-- heartbeats would have to wait. The look at the row has a snapshot of its own, taken after the lock was had.
create function ledger_may_take(node text, incarnation bigint) returns boolean
language plpgsql
volatile
as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('usage-ledger/claims/' || node, 0));
  return exists (
    select 1
    from ledger_node n
    where n.node_id = ledger_may_take.node
      and n.incarnation = ledger_may_take.incarnation
      and n.state = 'active');
end
$$;

comment on function ledger_may_take is 'Whether a node may take executions; if so it is not drained before the transaction that asked ends.';

-- Executions that ended long ago are forgotten, with their claims, what they recorded and what they found. Who serves may not take such
-- rows away, so it is done by the owner's hand, which decides what may go.

-- that one which failed was made up for is found without its scope as well
create index job_execution_done_with on job_execution (kind, params_sha256, created_at)
  where state = 'done';
create index job_execution_ended on job_execution (finished_at, execution_id)
  where finished_at is not null;
create index job_execution_latest on job_execution (kind, scope_key, created_at);

-- Ended, and somebody has to look at it. What it costs does not grow with those that went well.
create view unwell_execution as
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
)
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
      and not exists (select 1 from job_finding f where f.execution_id = later.execution_id));

comment on view unwell_execution is 'Executions that ended and that somebody has to look at: badly and not made up for, or with findings.';

-- Everything it names is the catalog's or the ledger's own.
create function ledger_forget_executions(keep_days integer, at_most_rows integer,
  out executions bigint, out deleted bigint, out busy boolean)
language plpgsql
as $$
declare
  candidate uuid;
  gone bigint;
begin
  executions := 0;
  deleted := 0;
  busy := not pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended('usage-ledger/forgetting', 0));
  if keep_days < 1 or at_most_rows < 1 or at_most_rows > 10000 then
    raise exception 'executions are kept for at least a day, and at most 10000 rows are deleted at a time, not % and %',
      keep_days, at_most_rows
      using errcode = 'LF005';
  end if;
  if busy then
    return;
  end if;
  for candidate in
    select e.execution_id
    from job_execution e
    where e.finished_at < pg_catalog.clock_timestamp() - pg_catalog.make_interval(days => keep_days)
      -- never the last of its job and scope; those without a scope have one of their own each
      and exists (
        select 1
        from job_execution later
        where later.kind = e.kind
          and (later.scope_key = e.scope_key
            or (e.scope_key = 'execution:' || e.execution_id and later.scope_key = 'execution:' || later.execution_id))
          and later.created_at > e.created_at)
      and not exists (select 1 from unwell_execution u where u.execution_id = e.execution_id)
      -- nor one that makes up for another, as long as that is on record
      and (e.state <> 'done' or not exists (
        select 1
        from job_execution f
        where f.state in ('failed', 'stuck', 'abandoned')
          and (f.scope_key = e.scope_key or (f.kind = e.kind and f.params_sha256 = e.params_sha256))
          and f.created_at < e.created_at))
    order by
      e.finished_at,
      e.execution_id
    limit 100
    for update of e skip locked
  loop
    delete from job_finding f
    where f.ctid = any (array(
      select d.ctid from job_finding d where d.execution_id = candidate limit at_most_rows - deleted));
    get diagnostics gone = row_count;
    deleted := deleted + gone;
    delete from job_step_event s
    where s.ctid = any (array(
      select d.ctid from job_step_event d where d.execution_id = candidate limit at_most_rows - deleted));
    get diagnostics gone = row_count;
    deleted := deleted + gone;
    delete from job_claim c
    where c.ctid = any (array(
      select d.ctid
      from job_claim d
      where d.execution_id = candidate
        and not exists (
          select 1
          from job_step_event s
          where s.execution_id = d.execution_id
            and s.claim_epoch = d.claim_epoch)
      limit at_most_rows - deleted));
    get diagnostics gone = row_count;
    deleted := deleted + gone;
    -- what is left is the next call's
    exit when deleted >= at_most_rows;
    delete from job_execution e where e.execution_id = candidate;
    deleted := deleted + 1;
    executions := executions + 1;
    exit when deleted >= at_most_rows;
  end loop;
end
$$;

comment on function ledger_forget_executions is
  'Deletes executions that ended more than so many days ago, the oldest first, in a bounded number of rows; again until it deletes none. One at a time: busy if another call is under way.';

do $$
begin
  execute format('alter function ledger_forget_executions(integer, integer) security definer set search_path = %I, pg_temp',
    current_schema());
end
$$;

revoke execute on function ledger_forget_executions(integer, integer) from public;

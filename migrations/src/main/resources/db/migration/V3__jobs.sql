-- Background work: nodes, executions, claims and what was done. Rules: only this database's clock decides a lease;
-- every transaction that has an effect begins with ledger_enter_step.

create table ledger_node (
  node_id text primary key,
  -- raised at each start: what an earlier incarnation left behind is known by it
  incarnation bigint not null check (incarnation >= 1),
  code_generation integer not null,
  state text not null check (state in ('starting', 'active', 'quiescing', 'drained', 'expunged')),
  started_at timestamptz not null,
  seen_at timestamptz not null,
  expunged_at timestamptz,
  expunged_by text,
  expunge_reason text,
  constraint expunged_has_reason check (
    (state = 'expunged') = (expunged_at is not null and expunged_by is not null and expunge_reason is not null))
);

create table job_execution (
  execution_id uuid primary key,
  kind text not null,
  code_generation integer not null,
  -- starting an execution again with its key finds it
  request_key text not null constraint job_execution_request_key unique,
  -- one active execution a scope
  scope_key text not null,
  params jsonb not null,
  params_sha256 bytea not null check (octet_length(params_sha256) = 32),
  state text not null default 'pending'
    check (state in ('pending', 'running', 'unwinding', 'done', 'failed', 'stuck', 'cancelled', 'abandoned')),
  owner_node text references ledger_node,
  owner_incarnation bigint,
  lease_until timestamptz,
  -- fencing token: raised by each claim, never reset
  claim_epoch bigint not null default 0,
  failures integer not null default 0,
  next_attempt_at timestamptz not null default clock_timestamp(),
  last_error_kind text check (last_error_kind in ('transient', 'permanent')),
  last_error text,
  last_progress_at timestamptz not null default clock_timestamp(),
  created_at timestamptz not null default clock_timestamp(),
  created_by text not null,
  finished_at timestamptz,
  abandon_at timestamptz,
  abandon_reason text check (abandon_reason in ('operator', 'unrecoverable', 'orphaned')),
  abandon_comment text,
  constraint owned_iff_active check (
    (state in ('running', 'unwinding')) = (owner_node is not null and owner_incarnation is not null and lease_until is not null)),
  constraint finished_iff_terminal check (
    (state in ('done', 'failed', 'stuck', 'cancelled', 'abandoned')) = (finished_at is not null)),
  constraint abandoned_has_reason check (
    (state = 'abandoned') = (abandon_at is not null and abandon_reason is not null and abandon_comment is not null))
);

create unique index job_execution_one_active_per_scope on job_execution (scope_key)
  where state in ('pending', 'running', 'unwinding');
create index job_execution_by_owner on job_execution (owner_node, execution_id)
  where state in ('running', 'unwinding');
create index job_execution_pending on job_execution (next_attempt_at, execution_id)
  where state = 'pending';
create index job_execution_newest on job_execution (created_at desc, execution_id);

create table job_claim (
  execution_id uuid not null references job_execution,
  claim_epoch bigint not null,
  node_id text not null,
  incarnation bigint not null,
  reason text not null check (reason in ('start', 'restart', 'lease_expired', 'expunged', 'operator')),
  backend_pid integer not null,
  backend_start timestamptz not null,
  claimed_at timestamptz not null default clock_timestamp(),
  primary key (execution_id, claim_epoch)
);

-- Append-only, in the transaction of the effect: an effect and its record are one.
create table job_step_event (
  execution_id uuid not null references job_execution,
  step integer not null,
  chunk integer not null,
  event text not null
    check (event in ('started', 'succeeded', 'failed', 'undo_started', 'undo_finished', 'undo_failed')),
  claim_epoch bigint not null,
  node_id text not null,
  at timestamptz not null default clock_timestamp(),
  data jsonb,
  data_sha256 bytea,
  primary key (execution_id, step, chunk, event),
  foreign key (execution_id, claim_epoch) references job_claim
);

create table job_status (
  node_id text not null references ledger_node,
  task text not null,
  incarnation bigint not null,
  period interval not null,
  running_iteration bigint,
  running_since timestamptz,
  running_reason text,
  last_iteration bigint,
  last_reason text,
  last_started_at timestamptz,
  last_elapsed interval,
  last_outcome text,
  details jsonb,
  primary key (node_id, task)
);

create function ledger_enter_step(execution uuid, node text, incarnation bigint, epoch bigint) returns void
language plpgsql
as $$
begin
  perform 1
  from job_execution e
  where e.execution_id = ledger_enter_step.execution
    and e.owner_node = ledger_enter_step.node
    and e.owner_incarnation = ledger_enter_step.incarnation
    and e.claim_epoch = ledger_enter_step.epoch
    and e.state in ('running', 'unwinding')
  for no key update;
  if not found then
    raise exception 'execution % is no longer claimed by node % with epoch %', execution, node, epoch
      using errcode = 'LF001';
  end if;
end
$$;

comment on function ledger_enter_step is 'First statement of every step''s transaction: holds the claim''s row to its end, or refuses with LF001.';

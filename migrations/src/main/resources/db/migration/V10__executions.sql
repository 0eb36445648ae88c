-- Executions that are asked to stop, that clean up, and nodes that are asked to hand over what they do.

alter table job_execution
  add column cancel_requested_at timestamptz,
  add column cancel_requested_by text,
  add column cancel_reason text,
  -- where an execution that cleans up goes from there
  add column unwinding_to text check (unwinding_to in ('cancelled', 'failed')),
  add column abandon_by text,
  -- transactions that it recorded, so that nobody counts its events to show it
  add column chunks bigint not null default 0,
  add constraint cancel_has_reason check (
    num_nulls(cancel_requested_at, cancel_requested_by, cancel_reason) in (0, 3)),
  add constraint cancelled_was_asked_for check (state <> 'cancelled' or cancel_requested_at is not null),
  add constraint unwinding_leads_somewhere check (state <> 'unwinding' or unwinding_to is not null);

update job_execution e
set chunks = (select count(*) from job_step_event s where s.execution_id = e.execution_id and s.event = 'succeeded');

-- what an operator has to look at: few, and found without reading those that went well
create index job_execution_unwell on job_execution (scope_key, created_at)
  where state in ('failed', 'stuck', 'abandoned');
create index job_execution_done on job_execution (scope_key, created_at)
  where state = 'done';

-- again: taken up after an attempt that failed, or that its node gave back
alter table job_claim drop constraint job_claim_reason_check;
alter table job_claim add constraint job_claim_reason_check
  check (reason in ('start', 'again', 'restart', 'lease_expired', 'expunged', 'lost_locally', 'left_behind',
    'in_doubt', 'operator'));

alter table ledger_node
  add column quiesced_at timestamptz,
  add column quiesced_by text,
  add column quiesce_reason text,
  add constraint quiescing_has_reason check (
    state <> 'quiescing' or num_nulls(quiesced_at, quiesced_by, quiesce_reason) = 0);

drop function ledger_enter_step(uuid, text, bigint, bigint);

create function ledger_enter_step(execution uuid, node text, incarnation bigint, epoch bigint) returns boolean
language plpgsql
as $$
declare
  cancelled boolean;
begin
  select e.state = 'running' and e.cancel_requested_at is not null into cancelled
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
  return cancelled;
end
$$;

comment on function ledger_enter_step is
  'First statement of every step''s transaction: holds the claim''s row to its end, or refuses with LF001. True if it is asked to stop.';

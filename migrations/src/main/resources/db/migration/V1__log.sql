-- The log: one counter row, the events in the one order, and what the log remembers beside them.
-- Rules: a transaction that appends locks ledger_head first, as a statement of its own, and moves it last.

create table ledger_head (
  only_row boolean primary key default true check (only_row),
  epoch integer not null check (epoch >= 1),
  head bigint not null check (head >= 0),
  -- the running hash over all leaves up to head: chain(n) = sha256(chain(n - 1) || leaf(n))
  chain bytea not null check (octet_length(chain) = 32),
  retention_step bigint not null check (retention_step >= 0),
  pruned_up_to bigint not null check (pruned_up_to >= 0),
  pruned_count bigint not null check (pruned_count >= 0),
  forgotten_before timestamptz not null,
  system_identifier bigint not null,
  timeline integer not null,
  -- positions a partition, and up to where partitions exist
  partition_rows bigint not null check (partition_rows > 0),
  prepared_up_to bigint not null check (prepared_up_to >= 0)
) with (fillfactor = 10);

comment on table ledger_head is 'The counter: positions are given under this row''s lock, held to commit, so that they are dense and in commit order.';

create table ledger_epoch (
  epoch integer primary key,
  -- the head when this epoch began: positions above it were given in this epoch
  fork bigint not null,
  -- the newest retention step then: of a lost history's steps a cursor's holder cannot have been told
  step bigint not null,
  reason text not null,
  system_identifier bigint not null,
  timeline integer not null,
  begun_at timestamptz not null default clock_timestamp()
);

create table usage_event (
  position bigint not null,
  recorded_at timestamptz not null,
  occurred_at timestamptz not null,
  -- 1 app, 2 service
  kind smallint not null,
  -- version of the stored form of the body
  format smallint not null,
  -- 0 platform, 1 baseline, 2 repair, 3 reseed
  origin smallint not null,
  -- what it does to its resource's run: 0 nothing, 1 begins, 2 begins as a baseline, 3 ends
  effect smallint not null,
  -- whether the start (or end) is exact when this event opens (or closes) a run
  exact boolean not null,
  -- 1 process, 2 task, 3 service instance, 4 staging
  resource_kind smallint,
  instances integer,
  memory_mb integer,
  resource_hash bigint,
  guid text not null,
  state text not null,
  resource_key text,
  organization text,
  space text,
  app text,
  plan text,
  -- the platform's own fields as they were sent, UTF-8 JSON
  body bytea not null,
  primary key (position),
  check ((resource_kind is null) = (resource_key is null)),
  check ((resource_kind is null) = (resource_hash is null))
) partition by range (position);

-- Conditions, task evidence and the sourcing of one resource's events go by it. The hash stands for the key
-- so that the index stays small; every query compares the key as well.
create index usage_event_by_resource on usage_event (resource_hash, position);

-- Outlives the events: the identity of a pruned event is remembered until a forget job raises forgotten_before.
create table event_identity (
  -- first 128 bits of sha256 over kind and guid (and occurred_at, where the guid is the resource's own)
  identity uuid primary key,
  position bigint not null,
  -- sha256 over the normative fields, canonically encoded
  content bytea not null check (octet_length(content) = 32)
);

-- chain after the last position of each window of 1,024 positions
create table log_window (
  window_number bigint primary key,
  chain bytea not null check (octet_length(chain) = 32)
);

-- Task stops without an open run: kept and shown, not in the log unless a beginning arrives later.
create table suppressed_stop (
  number bigint generated always as identity primary key,
  identity uuid not null unique,
  content bytea not null check (octet_length(content) = 32),
  reason text not null check (reason in ('already_ended', 'no_start_on_record')),
  suppressed_at timestamptz not null,
  occurred_at timestamptz not null,
  kind smallint not null,
  format smallint not null,
  origin smallint not null,
  exact boolean not null,
  instances integer,
  memory_mb integer,
  guid text not null,
  state text not null,
  previous_state text,
  resource_kind smallint not null,
  resource_key text not null,
  resource_hash bigint not null,
  organization text,
  space text,
  app text,
  body bytea not null,
  -- where it was recorded after all, once a beginning had arrived
  recorded_position bigint
);

create index suppressed_stop_waiting on suppressed_stop (resource_hash, number) where recorded_position is null;

-- The highest position that each deleting step deleted: what tells a cursor that it is behind.
create table retention_step (
  step bigint primary key,
  deleted_up_to bigint not null,
  deleted_at timestamptz not null default clock_timestamp()
);

create index retention_step_by_position on retention_step (deleted_up_to, step);

-- Retention never passes a hold: what is after the position is still needed.
create table hold (
  name text primary key,
  holder text not null check (holder in ('projection', 'rebuild', 'consumer', 'archive')),
  position bigint not null check (position >= 0),
  updated_at timestamptz not null default clock_timestamp()
);

create function ledger_prepare_partitions(needed_up_to bigint) returns bigint
language plpgsql
as $$
declare
  rows_each bigint;
  prepared bigint;
  partition_name text;
begin
  select partition_rows, prepared_up_to into strict rows_each, prepared from ledger_head for update;
  while prepared < needed_up_to loop
    partition_name := 'usage_event_p' || lpad((prepared / rows_each)::text, 10, '0');
    execute format('create table %I (like usage_event including all)', partition_name);
    execute format('alter table %I set (autovacuum_vacuum_insert_scale_factor = 0.2)', partition_name);
    -- attach takes a weaker lock on the parent than "partition of": readers and appenders go on
    execute format('alter table usage_event attach partition %I for values from (%s) to (%s)',
      partition_name, prepared + 1, prepared + rows_each + 1);
    prepared := prepared + rows_each;
  end loop;
  update ledger_head set prepared_up_to = prepared;
  return prepared;
end
$$;

comment on function ledger_prepare_partitions is 'Makes sure that partitions exist up to a position; returns up to where they do.';

insert into ledger_head (epoch, head, chain, retention_step, pruned_up_to, pruned_count, forgotten_before,
  system_identifier, timeline, partition_rows, prepared_up_to)
select 1, 0, sha256('usage-ledger'), 0, 0, 0, '-infinity',
  (select system_identifier from pg_control_system()),
  ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::integer,
  1048576, 0;

insert into ledger_epoch (epoch, fork, step, reason, system_identifier, timeline)
select epoch, 0, 0, 'created', system_identifier, timeline
from ledger_head;

select ledger_prepare_partitions(1048576);

-- Projections: where each stands, who projects it, and the first read model, what runs now.
-- Rules: a projection's rows and its position move in one transaction, which begins by moving the position.

create table projection (
  name text primary key,
  -- what the rows mean: raised when a fold changes, so that nodes of two versions never write into one copy
  shape integer not null check (shape >= 1),
  -- which of the two copies of its rows readers see; the other is free for a rebuild
  live_slot smallint not null check (live_slot in (0, 1)),
  -- everything up to here is in the rows of the live slot
  position bigint not null check (position >= 0),
  -- the node that projects, and since when it has not been heard of; times are this database's
  owner text,
  claimed_at timestamptz,
  -- raised by each claim: a node that was superseded finds another number and changes nothing
  claim_epoch bigint not null default 0 check (claim_epoch >= 0),
  check ((owner is null) = (claimed_at is null))
) with (fillfactor = 10);

comment on table projection is 'One row a projection: its position is the token of whoever projects it, moved in the transaction that changes the rows.';

-- A copy being made beside the live one.
create table projection_rebuild (
  name text primary key references projection,
  -- the execution that makes it; another one starts over
  execution_id uuid not null,
  slot smallint not null check (slot in (0, 1)),
  -- what an earlier rebuild left in the slot is gone
  emptied boolean not null,
  position bigint not null check (position >= 0)
);

create table running_resource (
  slot smallint not null,
  -- 1 process, 2 task, 3 service instance
  resource_kind smallint not null check (resource_kind in (1, 2, 3)),
  resource_key text collate "C" not null,
  -- occurred_at of the run's first beginning, and whether it began then
  since timestamptz not null,
  since_exact boolean not null,
  first_position bigint not null,
  -- the latest beginning that sizes the run; the columns below are that event's
  latest_position bigint not null,
  instances integer,
  memory_mb integer,
  organization text collate "C",
  space text collate "C",
  app text collate "C",
  primary key (slot, resource_kind, resource_key)
) partition by list (slot);

create table running_resource_0 partition of running_resource for values in (0) with (fillfactor = 80);
create table running_resource_1 partition of running_resource for values in (1) with (fillfactor = 80);

-- No index for the filters: a filtered walk reads the slot once, 0.3 s for a million resources, while indexes on organization, space and
-- app would slow the projector by two fifths.

insert into projection (name, shape, live_slot, position)
values ('running', 1, 0, 0);

insert into hold (name, holder, position)
values ('projection:running', 'projection', 0);

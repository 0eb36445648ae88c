-- Reactions: what is done about single events, few of them. Each stands in the table of projections and moves as they do.
-- Rules: a reaction's effect, its letters and its position move in one transaction; letters of one sequence are taken oldest first.

create table dead_letter (
  reaction text not null references projection,
  position bigint not null check (position >= 1),
  -- events of one sequence are reacted to in order: what follows a letter waits behind it
  sequence text not null,
  -- the event as it was: the log may have pruned it when the letter is taken again
  kind smallint not null,
  format smallint not null,
  body bytea not null,
  -- what went wrong last; null for one that only waits behind another
  cause text,
  attempts integer not null check (attempts >= 0),
  parked_at timestamptz not null default clock_timestamp(),
  tried_at timestamptz,
  primary key (reaction, position),
  check ((cause is null) = (attempts = 0)),
  check ((tried_at is null) = (attempts = 0))
);

create index dead_letter_by_sequence on dead_letter (reaction, sequence, position);

-- States that no lifecycle declares: recorded, without effect on any run, and worth an operator's look.
create table undeclared_state (
  kind smallint not null,
  -- empty: states beyond the most that are told apart
  state text collate "C" not null,
  events bigint not null check (events >= 1),
  first_position bigint not null,
  last_position bigint not null check (last_position >= first_position),
  primary key (kind, state)
);

insert into projection (name, shape, live_slot, position)
values ('undeclared-states', 1, 0, 0);

insert into hold (name, holder, position)
values ('projection:undeclared-states', 'projection', 0);

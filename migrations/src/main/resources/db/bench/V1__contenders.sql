-- What the ledger is measured against, beside it in one database: copies of its tables, and simpler ones.

-- The limit of the appender: the log and its identities, with their indexes and without anything else.
create table limit_event (like usage_event including all);

create table limit_identity (like event_identity including all);

-- A bare table of the same rows.
create table bare_event (
  position bigint primary key,
  guid uuid not null unique,
  occurred_at timestamptz not null,
  body bytea not null
);

-- Each caller for itself: locks the counter, inserts, commits.
create table lone_head (
  only_row boolean primary key default true check (only_row),
  head bigint not null
) with (fillfactor = 10);

insert into lone_head (head)
values (0);

create table lone_event (like usage_event including all);

create table lone_identity (like event_identity including all);

-- The way of the platform's own table: a sequence, a unique guid, no order of commits.
create table sequence_event (
  position bigint generated always as identity primary key,
  guid text not null unique,
  recorded_at timestamptz not null,
  occurred_at timestamptz not null,
  body bytea not null
);

create index sequence_event_by_time on sequence_event (recorded_at);

-- Administrative acts: who wanted what done, and how it ended. Nothing here is ever changed or taken away.

-- written before the act is done, so that none is done without
create table audit_entry (
  number bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  -- null where nobody said who they are
  subject text check (char_length(subject) <= 255),
  client text check (char_length(client) <= 255),
  address text not null check (char_length(address) <= 255),
  route text not null check (char_length(route) <= 255),
  target text not null check (char_length(target) <= 512),
  request_id text not null check (char_length(request_id) <= 64)
);

-- none while an act is under way, and for ever where the service ended before it could say
create table audit_outcome (
  number bigint primary key references audit_entry,
  at timestamptz not null default clock_timestamp(),
  status integer not null check (status between 100 and 599),
  location text check (char_length(location) <= 512)
);

create function ledger_refuse_change() returns trigger
language plpgsql
as $$
begin
  raise exception 'the audit log is only ever added to'
    using errcode = 'LF002';
end
$$;

create trigger audit_entry_is_kept before update or delete or truncate on audit_entry
  for each statement execute function ledger_refuse_change();
create trigger audit_outcome_is_kept before update or delete or truncate on audit_outcome
  for each statement execute function ledger_refuse_change();

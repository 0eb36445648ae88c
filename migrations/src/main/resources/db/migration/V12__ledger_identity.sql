-- Which log this is, among all there are: several of them may live in one PostgreSQL, so the server's number does not tell them apart.
-- A copy that goes on as a ledger of its own must take another one: both would give the same name to different events.

create table ledger_identity (
  only_row boolean primary key default true check (only_row),
  id uuid not null
);

comment on table ledger_identity is 'The log''s name for ever, part of the source of the CloudEvents it hands out.';

insert into ledger_identity (id)
values (gen_random_uuid());
